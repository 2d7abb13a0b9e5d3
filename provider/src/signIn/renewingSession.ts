import { SalesforceApiError, textWithCode } from '../org/errors.js';
import type { OrgContext } from '../org/orgContext.js';
import { requestSignedInUser } from '../org/orgInformation.js';
import { isSameOrigin } from './orgUrl.js';
import { isTransient, retryTransient } from '../org/retryTransient.js';
import { SignInError } from './session.js';
import type { Session } from './session.js';
import { signIn } from './signIn.js';
import type { SignInWay } from './signInWays.js';

/** How often the provider signs in again without a successful request, so that a session that is always refused causes no loop. */
const mostFruitlessRenewals = 3;

/** A session that is replaced by a new one when the org reports that it has expired. */
export class RenewingSession {
  readonly #label: string;
  readonly #context: OrgContext;
  readonly #requestTimeoutMs: number;
  #way: SignInWay;
  #session: Session;
  #organizationId: string | undefined;
  #fruitlessRenewals = 0;
  #renewing: Promise<void> | undefined;

  private constructor(
    way: SignInWay,
    label: string,
    context: OrgContext,
    requestTimeoutMs: number,
    session: Session,
  ) {
    this.#way = way;
    this.#label = label;
    this.#context = context;
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#session = session;
    this.#organizationId = session.organizationId;
    this.#keepRefreshToken();
  }

  /**
   * Signs in.
   *
   * @param label how messages name the org
   * @param requestTimeoutMs the limit of one request, in milliseconds
   * @throws SignInError, ConfigurationError
   */
  static async open(
    way: SignInWay,
    label: string,
    context: OrgContext,
    requestTimeoutMs: number,
  ): Promise<RenewingSession> {
    const session = await signIn(way, label, context, requestTimeoutMs);
    return new RenewingSession(way, label, context, requestTimeoutMs, session);
  }

  /** The session as it is now. */
  get current(): Session {
    return this.#session;
  }

  /** Requires every later session to belong to this organization, if the first session did not report its own. */
  bindTo(organizationId: string): void {
    this.#organizationId = organizationId;
  }

  /**
   * Sends a request. If the org refuses it because the session has expired, signs in again and sends it once more. A configured
   * access token cannot be renewed.
   *
   * @throws the org's refusal when the new session is refused too, and what the request throws otherwise; SignInError when
   *   there is no new session
   */
  async use<T>(request: (session: Session) => Promise<T>): Promise<T> {
    const used = this.#session;
    try {
      return await this.#send(request);
    } catch (thrown) {
      if (!isExpiredSession(thrown) || this.#way.kind === 'accessToken') {
        throw thrown;
      }
      if (used === this.#session) {
        if (this.#renewing === undefined && this.#fruitlessRenewals >= mostFruitlessRenewals) {
          throw thrown;
        }
        await (this.#renewing ??= this.#renew().finally(() => {
          this.#renewing = undefined;
        }));
      }
      return await this.#send(request);
    }
  }

  async #send<T>(request: (session: Session) => Promise<T>): Promise<T> {
    const used = this.#session;
    const answer = await request(used);
    if (used === this.#session) {
      this.#fruitlessRenewals = 0;
    }
    return answer;
  }

  async #renew(): Promise<void> {
    this.#fruitlessRenewals += 1;
    const session = await signIn(this.#way, this.#label, this.#context, this.#requestTimeoutMs).catch(
      (thrown: unknown) => {
        if (thrown instanceof SignInError && thrown.didNotGetThrough) {
          this.#fruitlessRenewals -= 1;
        }
        throw thrown;
      },
    );
    if (session.organizationId !== undefined) {
      this.#refuseOtherOrganization(session.organizationId);
    }
    // Checked before the session is used to ask for its organization.
    refuseOtherHost(this.#label, this.#session, session);
    if (session.organizationId === undefined && this.#organizationId !== undefined) {
      this.#refuseOtherOrganization(await this.#organizationOf(session));
    }
    this.#session = session;
    this.#keepRefreshToken();
  }

  #refuseOtherOrganization(organizationId: string): void {
    if (this.#organizationId !== undefined && organizationId !== this.#organizationId) {
      throw new SignInError({
        code: 'ECA1702',
        subject: `org ${this.#label}`,
        cause: `a new sign-in led to organization ${organizationId} instead of ${this.#organizationId}; nothing more was sent`,
      });
    }
  }

  /** Asks the org for the organization of a session that does not report it. */
  async #organizationOf({ instanceUrl, accessToken }: Session): Promise<string> {
    try {
      const requestTimeoutMs = this.#requestTimeoutMs;
      const { organizationId } = await retryTransient(
        () => requestSignedInUser({ http: this.#context.http, instanceUrl, accessToken, requestTimeoutMs }),
        requestTimeoutMs,
      );
      return organizationId;
    } catch (thrown) {
      throw new SignInError(
        {
          code: 'ECA1703',
          subject: `org ${this.#label}`,
          cause: `could not find out which organization a new sign-in led to (${textWithCode(thrown)}); nothing more was sent`,
          advice: 'Repeat the command later',
        },
        isTransient(thrown),
      );
    }
  }

  /** With refresh token rotation, a used refresh token is no longer valid. */
  #keepRefreshToken(): void {
    const { nextRefreshToken } = this.#session;
    if (this.#way.kind === 'sfdxAuthUrl' && nextRefreshToken !== undefined) {
      this.#way = { ...this.#way, refreshToken: nextRefreshToken };
    }
  }
}

/**
 * Refuses a new session at another address than the one before it.
 *
 * @param label how messages name the org
 * @throws SignInError naming both addresses
 */
export function refuseOtherHost(label: string, before: Session, session: Session): void {
  if (!isSameOrigin(session.instanceUrl, before.instanceUrl)) {
    throw new SignInError({
      code: 'ECA1605',
      subject: `org ${label}`,
      cause: `a new sign-in led to ${session.instanceUrl} instead of ${before.instanceUrl}; nothing more was sent`,
    });
  }
}

/** Whether a new sign-in may help. A JWT-based token is refused below API version 68.0 however new it is. */
function isExpiredSession(thrown: unknown): boolean {
  return (
    thrown instanceof SalesforceApiError &&
    thrown.outlook === 'sessionEnded' &&
    !/JWT-based access tokens/i.test(thrown.message)
  );
}
