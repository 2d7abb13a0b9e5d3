/** One message of a retrieve, as far as its text is known. */
interface RetrieveMessage {
  text: string;
  /** The component type that it is about; `undefined`: the text is not known. */
  type: string | undefined;
  /** The full name of the component; `undefined`: the whole type. */
  fullName: string | undefined;
  /** The org did not find what was asked for by name. */
  isNotFound: boolean;
}

/** A component that the org has and could not load: the retrieve succeeds without it (sfdx-hardis#2070). */
const loadFailed =
  /^Load of metadata from db failed for metadata of type:\s*(\w+) and file name:\s*(.+?)\.?$/;

/** source-deploy-retrieve reads this text. */
const notFound = /^Entity of type '([^']+)' named '([^']+)' cannot be found/;

/** The org does not know the type, or not at this API version (source-deploy-retrieve). */
const typeRefused = /^Entity type: '([^']+)' /;

/** The types that this package retrieves. */
const typeNames = /\b(?:ExternalClientApplication|ExtlClntApp\w+|ProfileSessionSetting|Settings)\b/g;

/**
 * What an org says beside what a retrieve returned. A retrieve that succeeds may lack components, and only these texts tell why;
 * they are read here and nowhere else.
 */
export class RetrieveMessages {
  readonly #messages: readonly RetrieveMessage[];

  constructor(readonly texts: readonly string[] = []) {
    this.#messages = texts.map(parseMessage);
  }

  /** These messages and those of a later retrieve. */
  with(later: RetrieveMessages): RetrieveMessages {
    return later.texts.length === 0
      ? this
      : new RetrieveMessages([...new Set([...this.texts, ...later.texts])]);
  }

  /** What the org says about a component, or about any of a type, without a full stop at the end; `undefined`: nothing. */
  about(type: string, fullName?: string): string | undefined {
    return joined(this.#messages.filter((message) => concerns(message, type, fullName)));
  }

  /**
   * As {@link about}, but only what leaves open that the org has the component. That it was not found under a name leaves nothing
   * open.
   */
  doubtAbout(type: string, fullName?: string): string | undefined {
    return joined(
      this.#messages.filter((message) => !message.isNotFound && concerns(message, type, fullName)),
    );
  }

  /** The names of the components of a type that the org has and did not return. */
  notLoaded(type: string): string[] {
    return this.#messages.flatMap((message) =>
      message.type === type && message.fullName !== undefined && !message.isNotFound
        ? [message.fullName]
        : [],
    );
  }
}

function parseMessage(message: string): RetrieveMessage {
  const text = message.trim().replace(/\s+/g, ' ');
  const missing = notFound.exec(text);
  const [, type, fullName] = loadFailed.exec(text) ?? missing ?? typeRefused.exec(text) ?? [];
  return { text, type, fullName, isNotFound: missing !== null };
}

/** A text that is not known is about the types that it mentions; one that mentions none may be about anything. */
function concerns(message: RetrieveMessage, type: string, fullName: string | undefined): boolean {
  if (message.type === undefined) {
    const mentioned: readonly string[] = message.text.match(typeNames) ?? [type];
    return mentioned.includes(type);
  }
  return (
    message.type === type &&
    (message.fullName === undefined || fullName === undefined || message.fullName === fullName)
  );
}

function joined(messages: readonly RetrieveMessage[]): string | undefined {
  return messages.length === 0
    ? undefined
    : messages.map(({ text }) => text.replace(/(?<!\.)\.$/, '')).join('; ');
}
