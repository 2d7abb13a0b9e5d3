/** Runs the batches of each org one after the other, because an org runs one deploy at a time. */
export class OrgTurns {
  /** By organization id: the last turn, and when the last finished turn ended. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #ends = new Map<string, { at: number; owner: object }>();

  /**
   * Runs work in an org after all earlier turns there have ended.
   *
   * @param owner the object that takes the turn
   * @param work gets the time at which another owner's turn last ended there, by this process's clock; 0 if none has ended since the
   *   owner's own last turn
   */
  async take<T>(organizationId: string, owner: object, work: (changedAt: number) => Promise<T>): Promise<T> {
    const turn = (this.#last.get(organizationId) ?? Promise.resolve())
      .then(() => {
        const end = this.#ends.get(organizationId);
        return work(end === undefined || end.owner === owner ? 0 : end.at);
      })
      .finally(() => {
        this.#ends.set(organizationId, { at: performance.now(), owner });
      });
    this.#last.set(
      organizationId,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
