import { ProviderError } from '../../errors.js';
import { AppIndex } from '../../components/components.js';
import type { AppComponents, Component } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { FileProperties } from '../../org/metadataApi.js';
import { describeApp } from '../request.js';
import { RetrieveMessages } from './retrieveMessages.js';

/** What a plan may need from an org in addition to a retrieve. The org is asked only if a plan needs it. */
export interface Answers {
  /** The lists of external client apps, connected apps and OAuth settings. */
  appList: readonly FileProperties[];
  /** The lists of the other types that were retrieved. */
  componentList: readonly FileProperties[];
  /** The components that the lists name and the first retrieve did not return have been retrieved and are in the snapshot. */
  listedComponents: true;
  /** The org's own namespace; `undefined`: it has none. */
  ownNamespace: string | undefined;
  /** The names of the applications that the current session may belong to. */
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

/** What was read of an org. It is immutable: later reads create a new one. */
export class Snapshot {
  #index: AppIndex | undefined;

  constructor(
    readonly components: readonly Component[],
    readonly messages = new RetrieveMessages(),
    /** The types whose components were all requested. */
    readonly types: readonly ComponentType[] = [],
    /** When the retrieve, or a later list that showed no change, was started, by this process's clock: the org was in this state then. */
    readonly seenAt = 0,
    private readonly answers: GivenAnswers = {},
  ) {}

  /**
   * The components of an app.
   *
   * @throws ProviderError when two components of one type belong to the app
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
        advice: 'An app can have only one; remove the one that does not belong to it',
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

  /** The same with one more answer. */
  withAnswer<N extends Need>(need: N, answer: Answer<Answers[N]>): Snapshot {
    return this.#copy({ answers: { ...this.answers, [need]: answer } });
  }

  /** The same without answers: lists made for earlier requests may be out of date for later ones. */
  withoutAnswers(): Snapshot {
    return this.#copy({ answers: {} });
  }

  /** The same with a newer retrieve: paths that it asked for and that were not returned are removed. */
  with(newer: Snapshot, asked: readonly string[] = []): Snapshot {
    const replaced = new Set([...asked, ...newer.components.map(({ path }) => path)]);
    return this.#copy({
      components: [...this.components.filter(({ path }) => !replaced.has(path)), ...newer.components],
      messages: this.messages.with(newer.messages),
      types: [...new Set([...this.types, ...newer.types])],
    });
  }

  /** The same with newer versions of some components. */
  withComponents(components: readonly Component[]): Snapshot {
    const byPath = new Map(components.map((component) => [component.path, component]));
    return this.#copy({ components: this.components.map((each) => byPath.get(each.path) ?? each) });
  }

  /** The same, confirmed to be unchanged at a later time. */
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
