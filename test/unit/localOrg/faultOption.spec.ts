import assert from 'node:assert/strict';
import type { FaultRule } from '../../../local-org/src/index.js';
import { parseFaultOption } from '../../../local-org/src/faultOption.js';

const kinds =
  'token, userinfo, introspect, revoke, versions, query, login, listMetadata, describeMetadata, retrieve, checkRetrieveStatus, ' +
  'deploy, checkDeployStatus, cancelDeploy, readMetadata, updateMetadata, upsertMetadata, other';
const faults = 'reset, truncate, status, hang, sessionExpired, locked, serverError, malformed';
const settings = 'times=…, skip=…, when=…, retryAfter=…, contentType=…, body=…';

describe('--fault', () => {
  const rules: [text: string, rule: FaultRule][] = [
    ['token=hang', { on: 'token', do: { kind: 'hang' } }],
    ['deploy=hang:after', { on: 'deploy', do: { kind: 'hang', when: 'after' } }],
    ['deploy=reset', { on: 'deploy', do: { kind: 'reset' } }],
    ['deploy=reset:after,times=1', { on: 'deploy', times: 1, do: { kind: 'reset', when: 'after' } }],
    ['checkDeployStatus=status:503', { on: 'checkDeployStatus', do: { kind: 'status', status: 503 } }],
    [
      'query=status:429,retryAfter=2,times=3,skip=1,when=after,contentType=text/html,body=<p>a=b</p>',
      {
        on: 'query',
        times: 3,
        skip: 1,
        do: {
          kind: 'status',
          status: 429,
          body: '<p>a=b</p>',
          contentType: 'text/html',
          retryAfter: '2',
          when: 'after',
        },
      },
    ],
    ['versions=status:500,body=', { on: 'versions', do: { kind: 'status', status: 500, body: '' } }],
    ['retrieve=truncate', { on: 'retrieve', do: { kind: 'truncate' } }],
    ['login=sessionExpired', { on: 'login', do: { kind: 'sessionExpired' } }],
    ['retrieve=serverError:after', { on: 'retrieve', do: { kind: 'serverError', when: 'after' } }],
    ['deploy=locked,times=2', { on: 'deploy', times: 2, do: { kind: 'locked' } }],
    ['other=malformed', { on: 'other', do: { kind: 'malformed' } }],
  ];
  for (const [text, rule] of rules) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseFaultOption(text), rule);
    });
  }

  const refusals: [text: string, message: string][] = [
    ['deploy', `'deploy' is not <request>=<fault>, such as deploy=reset:after,times=1.`],
    ['=hang', `'=hang' is not <request>=<fault>, such as deploy=reset:after,times=1.`],
    ['deploy=,times=1', `'deploy=,times=1' is not <request>=<fault>, such as deploy=reset:after,times=1.`],
    ['deplo=hang', `on is "deplo"; it takes one of: ${kinds}.`],
    ['deploy=rest', `kind is "rest"; it takes one of: ${faults}.`],
    ['deploy=rest:after', `kind is "rest"; it takes one of: ${faults}.`],
    ['deploy=reset:later', 'when is "later"; it takes one of: before, after.'],
    ['deploy=locked:after', "locked takes nothing after a colon, not 'after'."],
    ['deploy=status', 'status is missing; it takes a whole number from 200 to 599.'],
    ['deploy=status:x', 'status is "x"; it takes a whole number from 200 to 599.'],
    ['deploy=status:600', 'status is 600; it takes a whole number from 200 to 599.'],
    ['deploy=hang,times=0', 'times is 0; it takes a whole number from 1 on.'],
    ['deploy=hang,times=1.5', 'times is "1.5"; it takes a whole number from 1 on.'],
    ['deploy=hang,skip=-1', 'skip is "-1"; it takes a whole number from 0 on.'],
    ['deploy=hang,times=1,times=2', 'times is given twice.'],
    ['deploy=hang:after,when=after', 'when is given twice.'],
    ['deploy=hang,retries=1', `'retries=1' is not a setting of a fault; there are: ${settings}.`],
    ['deploy=hang,times', `'times' is not a setting of a fault; there are: ${settings}.`],
    ['deploy=hang,', `'' is not a setting of a fault; there are: ${settings}.`],
    ['deploy=hang,body=x', 'A fault of the kind hang has no "body"; it may have: kind, when.'],
    ['deploy=status:503,retryAfter=', 'retryAfter is ""; it takes the text of a header, printable ASCII.'],
  ];
  for (const [text, message] of refusals) {
    it(`refuses ${text}`, () => {
      assert.throws(() => parseFaultOption(text), { name: 'InputError', message });
    });
  }
});
