import { requestKinds } from './http/requestKinds.js';
import { switchableRuleNames } from './rules/allRules.js';

/** The output of `--help`. */
export const usage = `Usage: salesforce-local-org [options]

Starts servers on this machine that behave like Salesforce orgs for Metadata API
and OAuth clients.

  --port N            port of the first org; the others get the next ports. 0
                      picks free ports (default 0)
  --org NAME          name of an org; repeatable (default dev)
  --namespace ORG=NS  the org's own namespace; repeatable
  --api-version NN.0  newest API version of the orgs, 58.0 or later (default
                      68.0)
  --https             serve https, with a certificate created at the start
  --latency-ms N      milliseconds added to every request (default 0)
  --retrieve-ms N     duration of a retrieve in milliseconds (default 0)
  --deploy-ms N       duration of a deploy in milliseconds (default 0)
  --deploy-component-ms N
                      milliseconds that each component adds to a deploy
                      (default 0)
  --seed DIR          folder in metadata format (package.xml and type folders)
                      that is loaded into every new org
  --state DIR         folder that keeps the orgs, with their keys and tokens,
                      after the process ends
  --host ADDRESS      address to listen on (default 127.0.0.1); other machines
                      get access unless it is a loopback address
  --instance-host NAME
                      host name in the addresses given to clients (default: that
                      of --host)
  --json              print one line of JSON with the address and the
                      credentials of each org
  --help              print this help

Faults in every org from the start (README.md explains how to change them while
the orgs run):

  --fault REQUEST=FAULT[,times=N][,skip=N]
                      requests that fail; repeatable. FAULT is one of:
                        reset[:after]       the connection is reset before the
                                            org acts, or after
                        hang[:after]        the org never responds
                        truncate            the org acts, but only half of the
                                            response arrives
                        status:NNN          an HTTP status instead of the org's
                                            response; further settings:
                                            ,when=after ,retryAfter=SECONDS
                                            ,contentType=TYPE ,body=TEXT
                        malformed           an HTML page instead of the response
                        sessionExpired      the session has expired
                        serverError[:after] the org's server fails: HTTP 500,
                                            UNKNOWN_EXCEPTION
                        locked              another setup change has locked the
                                            org
                      times: how many requests fail (default all); skip: how
                      many requests succeed first (default 0)
                      REQUEST is one of
${nameLines(requestKinds, 3)}  --offline-ms N      refuse connections for this many milliseconds after the
                      start (default 0)
  --fail-component NAME=PROBLEM
                      every deploy of this component fails, or of every
                      component of this app
  --hide-component NAME=loadFails|notReturned|notListed
                      users cannot see this component, or any component of this
                      app; * stands for every app
  --cancel-next-deploy beforeCommit|afterCommit
                      an administrator cancels the first deploy; afterCommit:
                      its changes stay
  --occupy-deploys    another deploy is running, and all others wait for it
  --no-certificate    retrieves do not return the certificate
  --no-managed-in-wildcard
                      retrieves of * do not return components of installed
                      packages
  --refuse-read-metadata TYPE
                      readMetadata refuses this type; repeatable
  --omit-from-read-metadata ELEMENT
                      readMetadata omits this element, which retrieves return;
                      repeatable
  --refuse-plugin-settings
                      policies with JWT settings are refused while JWT is off
  --refuse-plugin-settings-strict
                      the same, even if the same deploy turns JWT on
  --spread-ms N       milliseconds until changed settings reach the token
                      endpoint (default 0)
  --finalizing-deploy the status of a deploy that is being finalized is
                      FinalizingDeploy, as documented, instead of Finalizing
  --org-rule NAME=on|off
                      turn a rule on or off that is known only from a single
                      report or by inference; repeatable. docs/rules.md explains
                      each. NAME is one of
${nameLines(switchableRuleNames, 2)}`;

/** Names, a number of them per line. */
function nameLines(names: readonly string[], perLine: number): string {
  const lines = Map.groupBy(names.keys(), (index) => Math.floor(index / perLine));
  return [...lines.values()]
    .map((indexes) => `                        ${indexes.map((index) => names[index]).join(' ')}\n`)
    .join('');
}
