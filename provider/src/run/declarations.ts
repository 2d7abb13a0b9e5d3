import type { FieldValues, JwtField } from '../policy/fields.js';
import { fieldsOf } from '../policy/difference.js';

/** What a resource of the running program declares. */
export interface Declaration {
  urn: string;
  /** The key into `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  app: string;
  fields: ReadonlySet<JwtField>;
}

/** A conflict with a declaration of another resource. */
export interface Conflict {
  field: JwtField;
  /** The resource that already declares the field. */
  other: Declaration;
  /** The organization of both, if they name it by different aliases. */
  organizationId: string | undefined;
}

/**
 * What the running program declares, recorded by check, and the values that a replaced resource passes on to its
 * replacement. It lives as long as the provider process: one phase of one run.
 */
export class Declarations {
  readonly #byUrn = new Map<string, Declaration>();
  /** So that each resource is compared only with those of its app. */
  readonly #urnsByApp = new Map<string, Set<string>>();
  /** The organizations of resources by URN, from the state, and of aliases, from their sign-ins. */
  readonly #organizationByUrn = new Map<string, string>();
  readonly #organizationByAlias = new Map<string | undefined, string>();
  readonly #handedOver = new Map<string, FieldValues>();

  #isProgramRunning = false;
  #isPreview = false;

  /** Whether check has run: only then is the configuration that of today's program. */
  get isProgramRunning(): boolean {
    return this.#isProgramRunning;
  }

  /** Whether the program runs in a preview, which applies nothing that it declares. */
  get isPreview(): boolean {
    return this.#isPreview;
  }

  /** Notes that a program is running, before its first declaration, which may be invalid or not yet known. */
  noteProgram(isPreview = this.#isPreview): void {
    this.#isProgramRunning = true;
    this.#isPreview = isPreview;
  }

  /** Records what a resource declares; a later declaration of the same resource replaces it. */
  declare(declaration: Declaration): void {
    this.noteProgram();
    const { urn, app } = declaration;
    const earlier = this.#byUrn.get(urn);
    if (earlier !== undefined) {
      this.#urnsByApp.get(earlier.app)?.delete(urn);
      if (earlier.app !== app || earlier.org !== declaration.org) {
        this.#organizationByUrn.delete(urn);
      }
    }
    this.#byUrn.set(urn, declaration);
    this.#urnsByApp.set(app, (this.#urnsByApp.get(app) ?? new Set()).add(urn));
  }

  /** Records the organization of a resource, from its state. */
  noteResource(urn: string, organizationId: string): void {
    this.#organizationByUrn.set(urn, organizationId);
  }

  /** Records the organization that a key of `salesforce:orgs` leads to, from its sign-in. */
  noteAlias(org: string | undefined, organizationId: string): void {
    this.#organizationByAlias.set(org, organizationId);
  }

  /** The organization that a resource is in; `undefined` until its state or a sign-in shows it. */
  organizationOf({ urn, org }: Declaration): string | undefined {
    return this.#organizationByUrn.get(urn) ?? this.#organizationByAlias.get(org);
  }

  /**
   * Another resource that declares one of the fields of the same app in the same org: through the same key of `salesforce:orgs`, or
   * through another one that is known to lead to the same organization.
   */
  conflictOf(declaration: Declaration): Conflict | undefined {
    const organizationId = this.organizationOf(declaration);
    for (const other of this.of(declaration.app)) {
      const isSameAlias = other.org === declaration.org;
      const isSameOrg =
        isSameAlias || (organizationId !== undefined && this.organizationOf(other) === organizationId);
      const field = [...declaration.fields].find((own) => other.fields.has(own));
      if (other.urn !== declaration.urn && isSameOrg && field !== undefined) {
        return { field, other, organizationId: isSameAlias ? undefined : organizationId };
      }
    }
    return undefined;
  }

  /** The declarations for an app, in any org. */
  of(app: string): Declaration[] {
    return [...(this.#urnsByApp.get(app) ?? [])].flatMap((urn) => this.#byUrn.get(urn) ?? []);
  }

  /** What the resource with these values declares; diff, create and update do not get their own URN. */
  find(app: string, org: string | undefined, values: FieldValues): Declaration | undefined {
    const fields = fieldsOf(values);
    return this.of(app).find(
      (declaration) =>
        declaration.org === org &&
        declaration.fields.size === fields.length &&
        fields.every((field) => declaration.fields.has(field)),
    );
  }

  /** The resource that declares these values. */
  urnOf(app: string, org: string | undefined, values: FieldValues): string | undefined {
    return this.find(app, org, values)?.urn;
  }

  /** Keeps the values that a deleted resource found, for the resource that takes over its fields in the same run. */
  handOver(id: string, valuesFound: FieldValues): void {
    this.#handedOver.set(id, { ...this.#handedOver.get(id), ...valuesFound });
  }

  /** The values that a deleted resource with this id found. */
  takenOver(id: string): FieldValues {
    return this.#handedOver.get(id) ?? {};
  }
}
