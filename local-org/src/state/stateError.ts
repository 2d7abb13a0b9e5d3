/** A state folder that cannot be used; the message says which, why and what to do. */
export class StateError extends Error {
  override readonly name = 'StateError';
}
