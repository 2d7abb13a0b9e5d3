import { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb.js';
import type { EngineAddress } from './engineAddress.js';
import { sdkGrpc } from '../pulumiSdk.js';
import type { ProcessEnd } from './processEnd.js';
import { printable } from '../../reports/format/plainText.js';
import { inNamespace } from '../../signIn/namespace.js';
import type { SettingsPlace } from '../../signIn/settingAdvice.js';

/** How the engine shows a message: progress in place at the resource, or a line that stays. */
export type MessageKind = 'progress' | 'information' | 'warning';

/** Messages about the work on a resource, for the user. */
export interface ResourceLog {
  /** Shown in place at the resource while work on it is in progress, then removed. */
  progress: (message: string) => void;
  /** A line that stays. */
  inform: (message: string) => void;
  /** A warning that stays, listed under the resource. */
  warn: (message: string) => void;
}

/** Sends a message; done when it has been delivered. */
type Send = (kind: MessageKind, message: string, urn: string | undefined) => Promise<void>;

const toStandardOutput: Send = (kind, message) => {
  if (kind !== 'progress') {
    console.log(message);
  }
  return Promise.resolve();
};

/**
 * The engine's log service: `pulumi.log` does not reach the engine from a provider process (pulumi#6065), the engine's
 * own service does. Messages that cannot be delivered go to standard output.
 */
function createSender(address: string | undefined): Send {
  if (address === undefined) {
    return toStandardOutput;
  }
  try {
    const client = new EngineClient(address, sdkGrpc().credentials.createInsecure());
    return (kind, message, urn) => {
      const request = new LogRequest();
      request.setSeverity(kind === 'warning' ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn ?? '');
      request.setEphemeral(kind === 'progress');
      return new Promise((resolve) => {
        client.log(request, (error) => {
          resolve(error === null ? undefined : toStandardOutput(kind, message, urn));
        });
      });
    };
  } catch {
    // With an SDK of another layout, messages still reach the stack.
    return toStandardOutput;
  }
}

/** The engine's log. It connects at the first message; a signal does not end the process before a message has been delivered. */
export class EngineLog {
  readonly #engine: EngineAddress;
  #send: Send | undefined;
  readonly #underWay = new Set<Promise<void>>();
  readonly #processEnd: Pick<ProcessEnd, 'add' | 'remove'>;
  readonly #settings: SettingsPlace;

  /** @param settings where the settings come from that messages name */
  constructor(
    engine: EngineAddress,
    processEnd: Pick<ProcessEnd, 'add' | 'remove'>,
    settings: SettingsPlace = 'salesforce',
  ) {
    this.#engine = engine;
    this.#processEnd = processEnd;
    this.#settings = settings;
  }

  /**
   * The log of one resource.
   *
   * @param urn the resource; `undefined` if the engine did not pass it (read and delete): messages are then shown at the stack
   */
  of(urn: string | undefined): ResourceLog {
    const send = (kind: MessageKind) => (message: string) => {
      this.#send ??= createSender(this.#engine.value);
      const sent = this.#send(kind, inNamespace(printable(message), this.#settings), urn).finally(() => {
        this.#underWay.delete(sent);
        if (this.#underWay.size === 0) {
          this.#processEnd.remove(this.#delivered);
        }
      });
      this.#underWay.add(sent);
      this.#processEnd.add(this.#delivered);
    };
    return { progress: send('progress'), inform: send('information'), warn: send('warning') };
  }

  /** Done when all that was said has been delivered. */
  async delivered(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  readonly #delivered = (): Promise<void> => this.delivered();
}
