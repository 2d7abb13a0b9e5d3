import { ProviderError } from '../errors.js';
import { AppIndex } from '../components/components.js';
import type { AppComponents, Component } from '../components/components.js';
import type { ComponentType } from '../components/componentTypes.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { FileProperties } from '../org/metadataApi.js';
import { describeApp } from './request.js';
import { RetrieveMessages } from './retrieveMessages.js';

/** What a plan may need of an org besides a retrieve. It is asked for only when it is needed. */
export interface Answers {
  /** The lists of apps, of connected apps and of OAuth settings. */
  appList: readonly FileProperties[];
  /** The lists of the other types that were retrieved. */
  componentList: readonly FileProperties[];
  /** What the lists name and the first retrieve did not return has been retrieved; it is among the components. */
  listedComponents: true;
  /** The org's own namespace; `undefined`: it has none. */
  ownNamespace: string | undefined;
  /** The names of the applications that the present session may belong to. */
  signInApplications: readonly string[];
}

/** The name of an answer. */
export type Need = keyof Answers;

/** An answer, or what was thrown instead of one. */
type Answer<T> = { value: T } | { error: unknown };

type GivenAnswers = Readonly<{ [N in Need]?: Answer<Answers[N]> }>;

/** A plan needs answers that the snapshot does not have yet. */
export class NotAskedYet extends Error {
  constructor(readonly needs: readonly Need[]) {
    super(`not asked yet: ${needs.join(', ')}`);
  }
}

/** What was seen of an org. It never changes: what is seen later makes a new one. */
export class Snapshot {
  #index: AppIndex | undefined;

  constructor(
    readonly components: readonly Component[],
    readonly messages = new RetrieveMessages(),
    /** The types of which every component was asked for. */
    readonly types: readonly ComponentType[] = [],
    /** When the org was as the snapshot shows it, by this process's clock: its retrieve, or a later list that showed no change, was begun. */
    readonly seenAt = 0,
    private readonly answers: GivenAnswers = {},
  ) {}

  /**
   * The components of an app.
   *
   * @throws ProviderError when two components of one type say that they belong to the app
   */
  app(name: string, org: Pick<OrgConnection, 'label' | 'organizationId'>): AppComponents {
    const { components, ambiguities } = this.#find(name);
    const [ambiguity] = ambiguities;
    if (ambiguity !== undefined) {
      const { type, fullNames } = ambiguity;
      throw new ProviderError({
        code: 'ECA3012',
        subject: describeApp(name, org),
        isOneSentence: true,
        cause: `has ${fullNames.length} components of type ${type}: ${fullNames.join(', ')}`,
        advice: 'An app has one; remove the one that does not belong to it',
      });
    }
    return components;
  }

  /** The paths of an app's components. */
  pathsOf(app: string): string[] {
    return Object.values(this.#find(app).components).map(({ path }) => path);
  }

  #find(app: string): ReturnType<AppIndex['find']> {
    return (this.#index ??= new AppIndex(this.components)).find(app);
  }

  /** @throws NotAskedYet, with all of these that are missing */
  require(...needs: readonly Need[]): void {
    const missing = needs.filter((need) => this.answers[need] === undefined);
    if (missing.length > 0) {
      throw new NotAskedYet(missing);
    }
  }

  /** @throws NotAskedYet; what was thrown when the org was asked */
  answer<N extends Need>(need: N): Answers[N] {
    const answer = this.answers[need];
    if (answer === undefined) {
      throw new NotAskedYet([need]);
    }
    if ('error' in answer) {
      throw answer.error;
    }
    return answer.value;
  }

  /** Takes in an answer. */
  withAnswer<N extends Need>(need: N, answer: Answer<Answers[N]>): Snapshot {
    return this.#copy({ answers: { ...this.answers, [need]: answer } });
  }

  /** The same without answers: what was listed for earlier requests may not hold for later ones. */
  withoutAnswers(): Snapshot {
    return this.#copy({ answers: {} });
  }

  /** Takes in another retrieve: what it returned, and that it returned nothing for the paths it was asked for. */
  with(newer: Snapshot, asked: readonly string[] = []): Snapshot {
    const replaced = new Set([...asked, ...newer.components.map(({ path }) => path)]);
    return this.#copy({
      components: [...this.components.filter(({ path }) => !replaced.has(path)), ...newer.components],
      messages: this.messages.with(newer.messages),
      types: [...new Set([...this.types, ...newer.types])],
    });
  }

  /** Takes in components as they are now. */
  withComponents(components: readonly Component[]): Snapshot {
    const byPath = new Map(components.map((component) => [component.path, component]));
    return this.#copy({ components: this.components.map((each) => byPath.get(each.path) ?? each) });
  }

  /** The same, seen to be unchanged at a later time. */
  confirmedAt(seenAt: number): Snapshot {
    return this.#copy({ seenAt });
  }

  #copy(changes: {
    components?: readonly Component[];
    messages?: RetrieveMessages;
    types?: readonly ComponentType[];
    seenAt?: number;
    answers?: GivenAnswers;
  }): Snapshot {
    return new Snapshot(
      changes.components ?? this.components,
      changes.messages ?? this.messages,
      changes.types ?? this.types,
      changes.seenAt ?? this.seenAt,
      changes.answers ?? this.answers,
    );
  }
}
