import { salesforceId } from '../salesforceId.js';
import type { KeptState } from '../state/keptState.js';
import { notKept } from '../state/keptState.js';
import { childText, parseXml } from '../xml.js';
import { AppIndex, appNamedIn, rememberAppNamedIn } from './appIndex.js';
import { newConsumerSecret } from './credentials.js';
import type { ChangeStamp, StoredComponent } from './storedComponent.js';
import { componentType, hasNamespace, type ComponentTypeName } from './types.js';

/** A store before a change. */
interface PastChange {
  /** Milliseconds since 1970. */
  at: number;
  type: ComponentTypeName;
  fullName: string;
  before: StoredComponent | undefined;
}

/** How many changes {@link ComponentStore.asOf} can go back. */
const rememberedChanges = 20_000;

/** The components of one org, as XML text. */
export class ComponentStore {
  readonly #components = new Map<ComponentTypeName, Map<string, StoredComponent>>();
  /** Lists and indexes of a type, created on first use. */
  readonly #sorted = new Map<ComponentTypeName, readonly StoredComponent[]>();
  readonly #byApp = new Map<ComponentTypeName, AppIndex>();
  #appsByUnqualifiedName: Map<string, string> | undefined;
  readonly #past: PastChange[] = [];
  #revision = 0;

  /**
   * @param kept where every change is recorded; default: nowhere
   * @param takesUnqualifiedNames whether a file may name an installed app without its namespace; default: it may
   * @param namespace the org's own; default: it has none
   */
  constructor(
    readonly organizationId: string,
    private readonly kept: KeptState = notKept,
    private readonly takesUnqualifiedNames: () => boolean = () => true,
    readonly namespace?: string,
  ) {}

  /** An independent copy of the store, to try a deploy on. */
  fork(): ComponentStore {
    const fork = new ComponentStore(this.organizationId, notKept, this.takesUnqualifiedNames, this.namespace);
    for (const [type, components] of this.#components) fork.#components.set(type, new Map(components));
    return fork;
  }

  get(type: string, fullName: string): StoredComponent | undefined {
    const known = componentType(type);
    return known && this.#components.get(known.name)?.get(this.nameOf(known.name, fullName));
  }

  /** The full name of a component: a name without a namespace is the org's own, and gets the org's namespace. */
  nameOf(type: ComponentTypeName, fullName: string): string {
    return this.namespace !== undefined && hasNamespace(type) && namespacePrefix(fullName) === undefined
      ? `${this.namespace}__${fullName}`
      : fullName;
  }

  /** Whether a name is that of a component of an installed package, with a namespace other than the org's. */
  isInstalled(fullName: string): boolean {
    const prefix = namespacePrefix(fullName);
    return prefix !== undefined && prefix !== this.namespace;
  }

  /** The components of a type by name; every component without a type. */
  list(type?: ComponentTypeName): readonly StoredComponent[] {
    if (type === undefined) return [...this.#components.keys()].flatMap((each) => this.list(each));
    let sorted = this.#sorted.get(type);
    if (sorted === undefined) {
      sorted = [...(this.#components.get(type)?.values() ?? [])].sort((a, b) =>
        a.fullName < b.fullName ? -1 : 1,
      );
      this.#sorted.set(type, sorted);
    }
    return sorted;
  }

  /** Adds components unchanged at the start of the org: without checks, and without history for {@link asOf}. */
  load(components: Iterable<StoredComponent>): void {
    for (const component of components) this.#set(component.type, component.fullName, component);
  }

  /** A component that a store of this org has from the beginning. */
  newComponent(
    type: ComponentTypeName,
    name: string,
    content: { xml: string; consumerSecret?: string | undefined },
    change: ChangeStamp,
  ): StoredComponent {
    const fullName = this.nameOf(type, name);
    const idPrefix = componentType(type)?.idPrefix ?? '';
    return {
      type,
      fullName,
      id: salesforceId(idPrefix, `${this.organizationId}/${type}/${fullName}`),
      xml: content.xml,
      consumerSecret:
        type === 'ExtlClntAppGlobalOauthSettings'
          ? (content.consumerSecret ?? newConsumerSecret())
          : undefined,
      created: change,
      modified: change,
    };
  }

  /**
   * Stores XML under a name, replacing what was there; the same XML changes nothing.
   * @param consumerSecret of global OAuth settings: the new secret; default: the one they have, else a new one
   * @throws XmlError when the text is not well-formed XML
   * @throws Error when the type is not known
   */
  put(typeName: string, name: string, xml: string, change: ChangeStamp, consumerSecret?: string): void {
    const type = componentType(typeName);
    if (!type) throw new Error(`The org knows no metadata type '${typeName}'.`);
    const root = parseXml(xml);
    const existing = this.get(typeName, name);
    if (existing?.xml === xml && consumerSecret === undefined) return;
    const secret = consumerSecret ?? existing?.consumerSecret;
    const made = this.newComponent(type.name, name, { xml, consumerSecret: secret }, change);
    const component = existing ? { ...made, id: existing.id, created: existing.created } : made;
    this.#remember(change.at, type.name, made.fullName, existing);
    rememberAppNamedIn(component, childText(root, 'externalClientApplication') ?? '');
    this.#set(type.name, made.fullName, component);
  }

  remove(typeName: string, fullName: string, at: number): void {
    const existing = this.get(typeName, fullName);
    if (!existing) return;
    this.#remember(at, existing.type, existing.fullName, existing);
    this.#set(existing.type, existing.fullName, undefined);
  }

  /** Whether a component belongs to the app; see {@link appOf}. */
  namesApp(component: StoredComponent, app: string): boolean {
    return this.appOf(component) === app;
  }

  /**
   * The full name of the app that a component belongs to, by the app that it refers to; undefined if this org has none. How an installed app
   * is named in its policies is not documented, so its name without the namespace also counts, unless a local app has exactly that name.
   */
  appOf(component: StoredComponent): string | undefined {
    const named = appNamedIn(component);
    return named === '' ? undefined : this.appNamed(named);
  }

  /** The components of the app with this full name, found by the app that they refer to; see {@link appOf}. */
  componentsOfApp(type: ComponentTypeName, app: string): StoredComponent[] {
    let index = this.#byApp.get(type);
    if (index === undefined) {
      index = new AppIndex(this.list(type));
      this.#byApp.set(type, index);
    }
    const unqualified = unqualifiedName(app);
    return [
      ...(this.appNamed(app) === app ? index.naming(app) : []),
      ...(unqualified !== app && this.appNamed(unqualified) === app ? index.naming(unqualified) : []),
    ].sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
  }

  /** The full name of the app that a name means: the app itself, otherwise the installed app with this name after its namespace. */
  appNamed(name: string): string | undefined {
    const own = this.get('ExternalClientApplication', name);
    if (own) return own.fullName;
    if (!this.takesUnqualifiedNames()) return undefined;
    this.#appsByUnqualifiedName ??= new Map(
      this.list('ExternalClientApplication')
        .toReversed()
        .map(({ fullName }) => [unqualifiedName(fullName), fullName]),
    );
    return this.#appsByUnqualifiedName.get(name);
  }

  /** A number that differs after every change. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * The store as it was at a time (milliseconds since 1970), for settings that take time to take effect; the store itself if nothing has
   * changed since.
   */
  asOf(at: number): ComponentStore {
    const since = this.#past.findLastIndex((change) => change.at <= at) + 1;
    if (since === this.#past.length) return this;
    const past = this.fork();
    for (const { type, fullName, before } of this.#past.slice(since).reverse())
      past.#set(type, fullName, before);
    return past;
  }

  #remember(
    at: number,
    type: ComponentTypeName,
    fullName: string,
    before: StoredComponent | undefined,
  ): void {
    this.#past.push({ at, type, fullName, before });
    if (this.#past.length > rememberedChanges) this.#past.splice(0, rememberedChanges / 2);
  }

  #set(type: ComponentTypeName, fullName: string, component: StoredComponent | undefined): void {
    const ofType = this.#components.get(type) ?? new Map<string, StoredComponent>();
    this.#components.set(type, ofType);
    const existing = ofType.get(fullName);
    const index = this.#byApp.get(type);
    if (existing) index?.remove(existing);
    if (component) {
      ofType.set(fullName, component);
      index?.add(component);
      this.kept.put('components', `${type}/${fullName}`, component);
    } else {
      ofType.delete(fullName);
      this.kept.remove('components', `${type}/${fullName}`);
    }
    this.#sorted.delete(type);
    if (type === 'ExternalClientApplication') this.#appsByUnqualifiedName = undefined;
    this.#revision += 1;
  }
}

/** The namespace prefix of `ns__Name`; undefined if the name has none. */
export function namespacePrefix(fullName: string): string | undefined {
  return /^([A-Za-z][A-Za-z0-9_]*?)__(?=.)/.exec(fullName)?.[1];
}

/** The name without its namespace prefix. */
export function unqualifiedName(fullName: string): string {
  const prefix = namespacePrefix(fullName);
  return prefix === undefined ? fullName : fullName.slice(prefix.length + 2);
}
