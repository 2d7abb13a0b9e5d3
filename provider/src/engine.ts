import { createRequire } from 'node:module';
import { connect } from 'node:net';
import type * as grpc from '@grpc/grpc-js';
import { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb.js';

/** How the engine shows a message: progress in place at the resource, or a line that stays. */
export type MessageKind = 'progress' | 'information' | 'warning';

/** What a resource's work says to the person who watches. */
export interface ResourceLog {
  /** Shown in place at the resource while it is worked on, and then gone. */
  progress(message: string): void;
  /** A line that stays. */
  inform(message: string): void;
  /** A warning that stays, listed under the resource. */
  warn(message: string): void;
}

/** The address of the engine that started this provider process: the host's first argument. */
function engineAddress(): string | undefined {
  const address = process.argv[2];
  return address !== undefined && /^[^/\s]+:\d+$/.test(address) ? address : undefined;
}

type Send = (kind: MessageKind, message: string, urn: string | undefined) => void;

let sender: Send | undefined;

const toStandardOutput: Send = (kind, message) => {
  if (kind !== 'progress') {
    console.log(message);
  }
};

/** The gRPC library of the Pulumi SDK itself: its clients refuse credentials that another copy made. */
function sdkGrpc(): typeof grpc {
  const requireFromSdk = createRequire(require.resolve('@pulumi/pulumi/package.json'));
  return requireFromSdk('@grpc/grpc-js') as typeof grpc;
}

/**
 * The engine's log service: `pulumi.log` does not reach the engine from a provider process (pulumi#6065), its own service
 * does. What cannot be delivered goes to standard output.
 */
function createSender(): Send {
  const address = engineAddress();
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
      client.log(request, (error) => {
        if (error !== null) {
          toStandardOutput(kind, message, urn);
        }
      });
    };
  } catch {
    // An SDK that is laid out differently: what is said still reaches the stack.
    return toStandardOutput;
  }
}

/**
 * The log of one resource.
 *
 * @param urn the resource; `undefined` where the engine did not tell it (read and delete): lines then stand at the stack
 */
export function resourceLog(urn: string | undefined): ResourceLog {
  const send = (kind: MessageKind) => (message: string) => {
    sender ??= createSender();
    sender(kind, message, urn);
  };
  return { progress: send('progress'), inform: send('information'), warn: send('warning') };
}

/**
 * Whether the engine still listens. A provider process outlives an engine that was killed, and would go on changing the org
 * with nobody to record it.
 */
export async function isEngineAlive(): Promise<boolean> {
  const address = engineAddress();
  if (address === undefined) {
    return true;
  }
  const separator = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(separator + 1)), address.slice(0, separator));
    const settle = (alive: boolean) => () => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', settle(true));
    // Only a refusal proves that nobody listens; a busy machine is no reason to stop.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code !== 'ECONNREFUSED')();
    });
    socket.setTimeout(2000, settle(true));
  });
}

/** Ends this process when the engine is gone, before anything more is sent. */
export async function endWithoutEngine(): Promise<void> {
  if (!(await isEngineAlive())) {
    process.exit(1);
  }
}
