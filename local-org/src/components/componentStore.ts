import { salesforceId } from '../salesforceId.js';
import { childText, parseXml } from '../xml.js';
import { newConsumerSecret } from './credentials.js';
import { componentType, type ComponentTypeName } from './types.js';

/** Who changed a component and when. */
export interface ChangeStamp {
  userId: string;
  userName: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A component as the org holds it. */
export interface StoredComponent {
  readonly type: ComponentTypeName;
  readonly fullName: string;
  /** 18 characters. */
  readonly id: string;
  /** Exactly as it was deployed, seeded or put. */
  readonly xml: string;
  /** Of global OAuth settings: the secret, which the text itself often does not show. */
  readonly consumerSecret: string | undefined;
  readonly created: ChangeStamp;
  readonly modified: ChangeStamp;
}

/** The components of one org, as XML text. */
export class ComponentStore {
  #components = new Map<string, StoredComponent>();
  #snapshots: { at: number; components: ReadonlyMap<string, StoredComponent> }[] = [];
  readonly #namedApps = new WeakMap<StoredComponent, string>();

  constructor(readonly organizationId: string) {}

  /** A store with the same components that changes by itself, to try a deploy on. */
  fork(): ComponentStore {
    const fork = new ComponentStore(this.organizationId);
    fork.#components = this.#components;
    return fork;
  }

  get(type: string, fullName: string): StoredComponent | undefined {
    return this.#components.get(key(type, fullName));
  }

  /** The components of a type by name; every component without a type. */
  list(type?: ComponentTypeName): StoredComponent[] {
    return [...this.#components.values()]
      .filter((component) => type === undefined || component.type === type)
      .sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
  }

  /**
   * Stores text under a name, replacing what was there; the same text changes nothing.
   * @param consumerSecret of global OAuth settings: the new secret; default: the one they have, else a new one
   * @throws XmlError when the text is not well-formed XML
   * @throws Error when the type is not known
   */
  put(typeName: string, fullName: string, xml: string, change: ChangeStamp, consumerSecret?: string): void {
    const type = componentType(typeName);
    if (!type) throw new Error(`The org knows no metadata type '${typeName}'.`);
    parseXml(xml);
    const existing = this.get(typeName, fullName);
    if (existing?.xml === xml && consumerSecret === undefined) return;
    this.#change(change.at, (components) =>
      components.set(key(typeName, fullName), {
        type: type.name,
        fullName,
        id: existing?.id ?? salesforceId(type.idPrefix, `${this.organizationId}/${typeName}/${fullName}`),
        xml,
        consumerSecret:
          type.name === 'ExtlClntAppGlobalOauthSettings'
            ? (consumerSecret ?? existing?.consumerSecret ?? newConsumerSecret())
            : undefined,
        created: existing?.created ?? change,
        modified: change,
      }),
    );
  }

  remove(type: string, fullName: string, at: number): void {
    if (!this.get(type, fullName)) return;
    this.#change(at, (components) => components.delete(key(type, fullName)));
  }

  /** The components of the app with that full name, found by the app named inside them; see {@link namesApp}. */
  componentsOfApp(type: ComponentTypeName, app: string): StoredComponent[] {
    return this.list(type).filter((component) => this.namesApp(component, app));
  }

  /** Whether a component belongs to the app; see {@link appOf}. */
  namesApp(component: StoredComponent, app: string): boolean {
    return this.appOf(component) === app;
  }

  /**
   * The full name of the app that a component belongs to, by the app named inside it; undefined: none of this org. How an installed app
   * is named in its policies is documented nowhere, so its name without the namespace counts too, unless a local app has exactly that name.
   */
  appOf(component: StoredComponent): string | undefined {
    let named = this.#namedApps.get(component);
    if (named === undefined) {
      named = childText(parseXml(component.xml), 'externalClientApplication') ?? '';
      this.#namedApps.set(component, named);
    }
    return named === '' ? undefined : this.appNamed(named);
  }

  /** The full name of the app that a name means: the app itself, or the installed app of that name without its namespace. */
  appNamed(name: string): string | undefined {
    if (this.get('ExternalClientApplication', name)) return name;
    return this.list('ExternalClientApplication').find((app) => unqualifiedName(app.fullName) === name)
      ?.fullName;
  }

  /** The components as they were at a time (milliseconds since 1970), for settings that take time to spread. */
  asOf(at: number): ReadonlyMap<string, StoredComponent> {
    return this.#snapshots.findLast((snapshot) => snapshot.at <= at)?.components ?? this.#firstSnapshot();
  }

  #firstSnapshot(): ReadonlyMap<string, StoredComponent> {
    return this.#snapshots[0]?.components ?? this.#components;
  }

  #change(at: number, change: (components: Map<string, StoredComponent>) => void): void {
    const components = new Map(this.#components);
    change(components);
    this.#components = components;
    this.#snapshots.push({ at, components });
    if (this.#snapshots.length > 500) this.#snapshots.shift();
  }
}

function key(type: string, fullName: string): string {
  return `${type}/${fullName}`;
}

/** The namespace prefix of `ns__Name`; undefined when the name has none. */
export function namespacePrefix(fullName: string): string | undefined {
  return /^([A-Za-z][A-Za-z0-9_]*?)__(?=.)/.exec(fullName)?.[1];
}

/** The name without its namespace prefix. */
export function unqualifiedName(fullName: string): string {
  const prefix = namespacePrefix(fullName);
  return prefix === undefined ? fullName : fullName.slice(prefix.length + 2);
}
