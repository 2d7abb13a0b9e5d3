import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

export const logger = new DefaultLogger('ERROR');

// A process has one runtime of the SDK. Its workers say only what is wrong.
Runtime.install({
  logger,
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
