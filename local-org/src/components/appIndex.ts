import { childText, parseXml } from '../xml.js';
import type { StoredComponent } from './storedComponent.js';

/** The app that each component refers to; each is parsed once for all stores that share it. */
const namedApps = new WeakMap<StoredComponent, string>();

/** The app that a component refers to, as it is written there; empty if there is none. */
export function appNamedIn(component: StoredComponent): string {
  let named = namedApps.get(component);
  if (named === undefined) {
    named = childText(parseXml(component.xml), 'externalClientApplication') ?? '';
    namedApps.set(component, named);
  }
  return named;
}

/** Records the app that a component refers to, if it is known, so that the component is not parsed for it. */
export function rememberAppNamedIn(component: StoredComponent, app: string): void {
  namedApps.set(component, app);
}

/** The components of one type by the app that they refer to. */
export class AppIndex {
  readonly #components = new Map<string, StoredComponent[]>();

  constructor(components: Iterable<StoredComponent>) {
    for (const component of components) this.add(component);
  }

  add(component: StoredComponent): void {
    const named = appNamedIn(component);
    const others = this.#components.get(named);
    if (others) others.push(component);
    else this.#components.set(named, [component]);
  }

  remove(component: StoredComponent): void {
    const named = appNamedIn(component);
    const others = this.#components.get(named)?.filter((other) => other !== component) ?? [];
    if (others.length === 0) this.#components.delete(named);
    else this.#components.set(named, others);
  }

  /** The components that refer to exactly this app; empty for the empty name. */
  naming(app: string): readonly StoredComponent[] {
    return app === '' ? [] : (this.#components.get(app) ?? []);
  }
}
