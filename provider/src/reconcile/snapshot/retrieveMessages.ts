/** One message of a retrieve, parsed if its wording is known. */
interface RetrieveMessage {
  text: string;
  /** The component type that it is about; `undefined`: the wording is not known. */
  type: string | undefined;
  /** The full name of the component; `undefined`: the whole type. */
  fullName: string | undefined;
  /** Whether the org did not find a component that was requested by name. */
  isNotFound: boolean;
}

/** A component that the org has but could not load: the retrieve succeeds without it (sfdx-hardis#2070). */
const loadFailed =
  /^Load of metadata from db failed for metadata of type:\s*(\w+) and file name:\s*(.+?)\.?$/;

/** source-deploy-retrieve parses this message. */
const notFound = /^Entity of type '([^']+)' named '([^']+)' cannot be found/;

/** The org does not support the type, or not at this API version (source-deploy-retrieve). */
const typeRefused = /^Entity type: '([^']+)' /;

/** The types that this package retrieves. */
const typeNames = /\b(?:ExternalClientApplication|ExtlClntApp\w+|ProfileSessionSetting|Settings)\b/g;

/**
 * The messages that an org returns with a retrieve. A retrieve that succeeds may lack components, and only these messages say why. They
 * are parsed here and nowhere else.
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

  /** The org's message about a component, or about any component of a type, without a full stop at the end; `undefined`: none. */
  about(type: string, fullName?: string): string | undefined {
    return joined(this.#messages.filter((message) => concerns(message, type, fullName)));
  }

  /**
   * As {@link about}, but only messages after which the org may still have the component. "Not found" under its name is not one of
   * them.
   */
  doubtAbout(type: string, fullName?: string): string | undefined {
    return joined(
      this.#messages.filter((message) => !message.isNotFound && concerns(message, type, fullName)),
    );
  }

  /** The names of the components of a type that the org has but did not return. */
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

/** A message of unknown wording concerns the types that it mentions; if it mentions none, it may concern anything. */
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
