/** The turns of a run's batches in each org: an org runs one deploy at a time, so that batches of one org never overlap. */
export class OrgTurns {
  /** By organization id: the last turn, and when the last one that is over ended. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #ends = new Map<string, { at: number; owner: object }>();

  /**
   * Works in an org once those before it have ended.
   *
   * @param owner who takes the turn
   * @param work is told when a turn of somebody else last ended there, by this process's clock; 0: never since the own last one
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
