// What the editor says, in German.
export const WORDS = {
  text: "Text der Empfehlung",
  toolbar: "Werkzeuge für den Text",
  emptyPart: "Hier schreiben …",
  pasteTooLong: "Das Eingefügte ist zu groß und wurde nicht übernommen. Bitte fügen Sie es in Teilen ein.",
  pastedAsText: "Das Eingefügte war sehr groß und wurde ohne Hervorhebungen übernommen.",
  linkTitle: "Link",
  linkLabel: "Adresse (beginnt mit https://)",
  linkWrong: "Bitte geben Sie eine vollständige Adresse an, die mit https:// beginnt.",
  linkNeedsText: "Markieren Sie zuerst die Wörter, die auf die Adresse führen sollen.",
  footnoteTitle: "Fußnote",
  footnoteLabel: "Text der Fußnote",
  apply: "Übernehmen",
  remove: "Entfernen",
  cancel: "Abbrechen",
  helpTitle: "Tasten und Hilfen",
  close: "Schließen",
};
