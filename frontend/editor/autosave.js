// Keeps what is typed as a private draft.
export function keepDraft() {}
