import * as pulumi from '@pulumi/pulumi';
import { formatMessage } from '../errors.js';
import { settingNames } from '../signIn/configuration.js';
import { unknownSettings } from '../signIn/settingAdvice.js';

/** Warns of keys that are not settings. Only the program's process gets the names of all keys: the provider process reads them one by one. */
export function warnOfMisspeltSettings(): void {
  for (const warning of unknownSettings(Object.keys(pulumi.runtime.allConfig()), settingNames)) {
    void pulumi.log.warn(formatMessage(warning));
  }
}
