import type { FieldValues, JwtField } from './jwtPolicy/fields.js';
import { fieldsOf } from './jwtPolicy/difference.js';

/** What a resource of the running program declares. */
export interface Declaration {
  urn: string;
  /** The key into `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  app: string;
  fields: ReadonlySet<JwtField>;
}

/**
 * What the running program declares, recorded by check, and the values that a replaced resource hands over to the one that
 * takes its place. It lives as long as the provider process: one phase of one run.
 */
export class Declarations {
  readonly #byUrn = new Map<string, Declaration>();
  /** So that each resource is compared with those of its app alone. */
  readonly #urnsByApp = new Map<string, Set<string>>();
  readonly #handedOver = new Map<string, FieldValues>();

  #isProgramRunning = false;
  #isPreview = false;

  /** Whether check has run: only then the configuration is that of today's program. */
  get isProgramRunning(): boolean {
    return this.#isProgramRunning;
  }

  /** Whether the program runs in a preview: nothing that it declares is brought about. */
  get isPreview(): boolean {
    return this.#isPreview;
  }

  /** Notes that a program is running, before its first declaration, which may be faulty or not yet known. */
  noteProgram(isPreview = this.#isPreview): void {
    this.#isProgramRunning = true;
    this.#isPreview = isPreview;
  }

  /** Records what a resource declares; a later declaration of the same resource takes its place. */
  declare(declaration: Declaration): void {
    this.noteProgram();
    const { urn, app } = declaration;
    const earlier = this.#byUrn.get(urn);
    if (earlier !== undefined) {
      this.#urnsByApp.get(earlier.app)?.delete(urn);
    }
    this.#byUrn.set(urn, declaration);
    this.#urnsByApp.set(app, (this.#urnsByApp.get(app) ?? new Set()).add(urn));
  }

  /** Another resource that declares one of the fields of the same app through the same key of `salesforce:orgs`. */
  conflictOf(declaration: Declaration): { field: JwtField; urn: string } | undefined {
    for (const other of this.of(declaration.app)) {
      if (other.urn !== declaration.urn && other.org === declaration.org) {
        const field = [...declaration.fields].find((own) => other.fields.has(own));
        if (field !== undefined) {
          return { field, urn: other.urn };
        }
      }
    }
    return undefined;
  }

  /** The declarations for an app, in whatever org. */
  of(app: string): Declaration[] {
    return [...(this.#urnsByApp.get(app) ?? [])].flatMap((urn) => this.#byUrn.get(urn) ?? []);
  }

  /** The resource that declares these values; create and update are not told their own URN. */
  urnOf(app: string, org: string | undefined, values: FieldValues): string | undefined {
    const fields = fieldsOf(values);
    return this.of(app).find(
      (declaration) =>
        declaration.org === org &&
        declaration.fields.size === fields.length &&
        fields.every((field) => declaration.fields.has(field)),
    )?.urn;
  }

  /** Keeps the values that a deleted resource found, for the resource that takes its fields over in the same run. */
  handOver(id: string, valuesFound: FieldValues): void {
    this.#handedOver.set(id, { ...this.#handedOver.get(id), ...valuesFound });
  }

  /** The values that a deleted resource with this id found. */
  takenOver(id: string): FieldValues {
    return this.#handedOver.get(id) ?? {};
  }
}
