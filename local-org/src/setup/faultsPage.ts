import { faultKinds } from '../control/readFaultRule.js';
import { controlPath, requestKinds } from '../http/requestKinds.js';
import type { ActiveFaultRule, Fault } from '../org/faultRules.js';
import type { Faults } from '../org/faults.js';
import type { FaultSwitchChanges, FaultSwitches } from '../org/faultSwitches.js';
import { hiddenHows } from '../org/hiddenComponents.js';
import { html, options, table, type Html } from './html.js';
import type { Page } from './page.js';

const path = `${controlPath}/faults`;

/** The fault switches and rules. The page's script sends every form as JSON to the control API. */
export function faultsPage(faults: Faults): Page {
  return {
    place: '/faults',
    content: html`<noscript><p class="message problem">These forms need JavaScript.</p></noscript>
      <section>
        <h2>Switches</h2>
        <div id="switches" data-live>${switches(faults.switches)}</div>
      </section>
      <section>
        <h2>Components that fail every deploy</h2>
        <div id="failing" data-live>${failing(faults.switches)}</div>
        <form
          data-method="PATCH"
          action="${path}"
          data-done="From now on every deploy of it fails."
          data-reset
        >
          <div class="fields">
            <label
              >Name of a component or an app <input name="name" data-key="failComponent" required
            /></label>
            <label>Message of the org <input name="problem" data-value="failComponent" required /></label>
          </div>
          <p class="buttons"><button type="submit">Fail it</button></p>
        </form>
      </section>
      <section>
        <h2>Components that users cannot see</h2>
        <div id="hidden" data-live>${hidden(faults.switches)}</div>
        <form data-method="PATCH" action="${path}" data-done="Users cannot see it from now on." data-reset>
          <div class="fields">
            <label
              >Name of a component or an app; * for every app
              <input name="name" data-key="hideComponent" required
            /></label>
            <label
              >How
              <select name="how" data-value="hideComponent">
                ${options(hiddenHows.map((how) => [how, howShown[how]] as const))}
              </select></label
            >
          </div>
          <p class="buttons"><button type="submit">Hide it</button></p>
        </form>
      </section>
      <section>
        <h2>Requests that fail</h2>
        <div id="rules" data-live>${rules(faults.rules)}</div>
        ${newRule()}
      </section>
      <section>
        <h2>Offline</h2>
        <form
          data-method="POST"
          action="${controlPath}/offline"
          data-done="Connections are refused, also those of this page."
        >
          <div class="fields">
            <label>
              Milliseconds
              <input
                name="forMs"
                type="number"
                data-type="number"
                min="1"
                max="3600000"
                value="10000"
                required
              />
            </label>
          </div>
          <p class="buttons"><button type="submit">Refuse connections</button></p>
        </form>
      </section>
      <form
        data-method="DELETE"
        action="${path}"
        data-done="All rules are removed, and all switches are at their defaults."
      >
        <p class="buttons"><button type="submit">Clear all faults</button></p>
      </form>`,
  };
}

const yesNo = [
  ['true', 'yes'],
  ['false', 'no'],
] as const;

function switches(current: FaultSwitches): Html {
  return html`<form data-method="PATCH" action="${path}" data-done="Switches saved.">
    <div class="fields">
      ${select('returnCertificate', 'Retrieves return the certificate', yesNo, current.returnCertificate)}
      ${select('wildcardReturnsManaged', 'Retrieves of * return installed packages', yesNo, current.wildcardReturnsManaged)}
      ${select(
        'refusePluginSettings',
        'Invalid plugin settings',
        [
          ['false', 'no'],
          ['true', 'while JWT is off'],
          ['strict', 'even if the same deploy turns it on'],
        ],
        current.refusePluginSettings,
      )}
      ${select(
        'cancelNextDeploy',
        'An administrator cancels the next deploy',
        [
          ['false', 'no'],
          ['beforeCommit', 'before its changes are saved'],
          ['afterCommit', 'after its changes are saved'],
        ],
        current.cancelNextDeploy,
      )}
      ${select(
        'finalizingStatus',
        'Status of a deploy that is being finalized',
        [
          ['Finalizing', 'Finalizing, as in the WSDL'],
          ['FinalizingDeploy', 'FinalizingDeploy, as in the reference'],
        ],
        current.finalizingStatus,
      )}
      ${select('occupyDeploys', 'Another deploy is running, and all others wait', yesNo, current.occupyDeploys)}
      ${list('refuseReadMetadata', 'Types that readMetadata refuses', current.refuseReadMetadata)}
      ${list('omitFromReadMetadata', 'Elements that readMetadata omits', current.omitFromReadMetadata)}
      <label>
        Milliseconds until settings reach the token endpoint
        <input
          name="spreadMs"
          type="number"
          data-type="number"
          min="0"
          value="${current.spreadMs}"
          required
        />
      </label>
    </div>
    <p class="buttons"><button type="submit" class="primary">Save switches</button></p>
  </form>`;
}

/** A choice whose `true` and `false` are sent as booleans. */
function select(
  name: keyof FaultSwitches,
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  current: string | boolean,
): Html {
  return html`<label>
    ${label}
    <select name="${name}" data-type="boolean">
      ${options(choices, String(current))}
    </select>
  </label>`;
}

/** Names separated by spaces, sent as a list. */
function list(name: keyof FaultSwitches, label: string, current: readonly string[]): Html {
  return html`<label>
    ${label} <input name="${name}" data-type="list" value="${current.join(' ')}" />
  </label>`;
}

function failing({ failComponent }: FaultSwitches): Html {
  const rows = Object.entries(failComponent).map(([name, problem]) => [
    html`<code>${name}</code>`,
    problem,
    removal(
      { failComponent: { [name]: null } },
      `heal-${name}`,
      `Stop failing ${name}`,
      'Deploys of it work again.',
    ),
  ]);
  return table('Components that fail', ['Name', 'Message of the org', 'Remove'], rows, 'None.');
}

const howShown = {
  loadFails: 'retrieves succeed without it, with a message',
  notReturned: 'retrieves succeed without it, without a message',
  notListed: 'neither lists nor retrieves return it',
} as const;

function hidden({ hideComponent }: FaultSwitches): Html {
  const rows = Object.entries(hideComponent).map(([name, how]) => [
    html`<code>${name}</code>`,
    howShown[how],
    removal(
      { hideComponent: { [name]: null } },
      `show-${name}`,
      `Show ${name} again`,
      'Users can see it again.',
    ),
  ]);
  return table('Hidden components', ['Name', 'How', 'Remove'], rows, 'None.');
}

/** A button that removes a name from a switch. */
function removal(change: FaultSwitchChanges, id: string, label: string, done: string): Html {
  return html`<form
    data-method="PATCH"
    action="${path}"
    data-body="${JSON.stringify(change)}"
    data-done="${done}"
  >
    <button type="submit" id="${id}" aria-label="${label}">Remove</button>
  </form>`;
}

function rules(active: readonly ActiveFaultRule[]): Html {
  const rows = active.map(({ id, on, do: fault, times, skip, met }) => [
    id,
    html`<code>${on}</code>`,
    html`<code>${described(fault)}</code>`,
    times ?? 'all',
    skip ?? 0,
    met,
    html`<form data-method="DELETE" action="${path}/${id}" data-done="Rule ${id} is removed.">
      <button type="submit" id="rule-${id}" aria-label="Remove rule ${id}">Remove</button>
    </form>`,
  ]);
  const columns = ['Rule', 'Request', 'Fault', 'Times', 'Skips', 'Matched', 'Remove'];
  return table('Fault rules', columns, rows, 'No rules.');
}

/** As on the command line: `status:503,when=after`. */
function described({ kind, ...settings }: Fault): string {
  return [kind, ...Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`)].join(',');
}

function newRule(): Html {
  const same = (values: readonly string[]) => values.map((value) => [value, value] as const);
  return html`<form data-method="POST" action="${path}" data-done="Rule added." data-reset>
    <div class="fields">
      <label
        >Request
        <select name="on">
          ${options(same(requestKinds), 'deploy')}
        </select></label
      >
      <label
        >Fault
        <select name="do.kind">
          ${options(same(faultKinds))}
        </select></label
      >
      <label>
        When (reset, hang, serverError, status)
        <select name="do.when">
          <option value="">default: before the org acts</option>
          ${options(same(['before', 'after']))}
        </select>
      </label>
      <label>
        HTTP status (status)
        <input name="do.status" type="number" data-type="number" min="200" max="599" />
      </label>
      <label>Retry-After (status) <input name="do.retryAfter" /></label>
      <label
        >Number of requests (empty: all) <input name="times" type="number" data-type="number" min="1"
      /></label>
      <label
        >Number of requests to skip first <input name="skip" type="number" data-type="number" min="0"
      /></label>
    </div>
    <p class="buttons"><button type="submit">Add rule</button></p>
  </form>`;
}
