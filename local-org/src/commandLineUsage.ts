import { requestKinds } from './http/requestKinds.js';
import { switchableRuleNames } from './rules/allRules.js';

/** What `--help` prints. */
export const usage = `Usage: salesforce-local-org [options]

Starts orgs on this machine that Metadata API and OAuth clients take for
Salesforce orgs.

  --port N            port of the first org, the next ones follow; 0 picks free
                      ones (default 0)
  --org NAME          name of an org; repeat it for several (default dev)
  --namespace ORG=NS  namespace of an org that has one of its own; repeat it for
                      several
  --api-version NN.0  newest API version that the orgs offer, from 58.0 on
                      (default 68.0)
  --https             speak https, with a certificate made at the start
  --latency-ms N      milliseconds added to every request (default 0)
  --retrieve-ms N     milliseconds that a retrieve runs (default 0)
  --deploy-ms N       milliseconds that a deploy runs (default 0)
  --deploy-component-ms N
                      milliseconds that each component adds to a deploy
                      (default 0)
  --seed DIR          folder in metadata format (package.xml and type folders)
                      loaded into every new org
  --state DIR         folder that keeps the orgs when the process ends, their
                      keys and tokens included
  --host ADDRESS      address to listen on (default 127.0.0.1); others than
                      loopback let other machines in
  --instance-host NAME
                      host name in the addresses that clients are told (default:
                      that of --host)
  --json              print one line of JSON that tells how to reach the orgs
  --help              print this text

What goes wrong, in every org from the start (README.md tells how to change it
while the orgs run):

  --fault REQUEST=FAULT[,times=N][,skip=N]
                      requests that go wrong; repeat it for several. FAULT is
                      one of:
                        reset[:after]       the connection is reset, before or
                                            after the org acted
                        hang[:after]        no answer ever comes
                        truncate            the org acts, half of its answer
                                            comes
                        status:NNN          an HTTP status in place of the org's
                                            answer; further settings:
                                            ,when=after ,retryAfter=SECONDS
                                            ,contentType=TYPE ,body=TEXT
                        malformed           an HTML page instead of the answer
                        sessionExpired      the session has expired
                        serverError[:after] the org's server fails: HTTP 500,
                                            UNKNOWN_EXCEPTION
                        locked              another setup change holds the org's
                                            lock
                      times: how many requests it meets (default all); skip: how
                      many pass first (default 0)
                      REQUEST is one of
${nameLines(requestKinds, 3)}  --offline-ms N      connections are refused for so many milliseconds after the
                      start (default 0)
  --fail-component NAME=PROBLEM
                      every deploy fails the component, or all components of the
                      app, of that name
  --hide-component NAME=loadFails|notReturned|notListed
                      users do not get to see the component, or all components
                      of the app; * is every app's
  --cancel-next-deploy beforeCommit|afterCommit
                      an administrator cancels the first deploy; afterCommit:
                      its data stays
  --occupy-deploys    another deploy runs, and all others wait behind it
  --no-certificate    retrieves leave the certificate out
  --no-managed-in-wildcard
                      retrieves of * leave out components of installed packages
  --refuse-read-metadata TYPE
                      readMetadata refuses the type; repeat it for several
  --omit-from-read-metadata ELEMENT
                      readMetadata leaves the element out, which retrieves
                      return; repeat it for several
  --refuse-plugin-settings
                      policies with JWT settings are refused while JWT is off
  --refuse-plugin-settings-strict
                      the same also when the same deploy switches JWT on
  --spread-ms N       milliseconds until changed settings reach the token
                      endpoint (default 0)
  --finalizing-deploy a deploy that is being finalized is called
                      FinalizingDeploy, as documented, not Finalizing
  --org-rule NAME=on|off
                      whether a rule holds that is known by one report or by
                      inference only; repeat it for several. docs/rules.md says
                      what each is; NAME is one of
${nameLines(switchableRuleNames, 2)}`;

/** Names, so many per line. */
function nameLines(names: readonly string[], perLine: number): string {
  const lines = Map.groupBy(names.keys(), (index) => Math.floor(index / perLine));
  return [...lines.values()]
    .map((indexes) => `                        ${indexes.map((index) => names[index]).join(' ')}\n`)
    .join('');
}
