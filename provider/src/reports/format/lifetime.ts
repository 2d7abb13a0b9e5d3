import type { TokenLifetime } from '../../policy/tokenLifetime.js';

/** The number of minutes of a lifetime, such as `30` or `up to 1440`. */
export function lifetimeRange({ maximumMinutes, possibleMinutes }: TokenLifetime): string {
  return `${possibleMinutes.length === 1 ? '' : 'up to '}${maximumMinutes}`;
}

/** The lifetime of a token in words, such as `30 minutes` or `up to 1440 minutes without use`. */
export function describeLifetime(lifetime: TokenLifetime): string {
  const unit = lifetime.maximumMinutes === 1 ? 'minute' : 'minutes';
  return `${lifetimeRange(lifetime)} ${unit}${lifetime.kind === 'inactivity' ? ' without use' : ''}`;
}

const choice = new Intl.ListFormat('en', { type: 'disjunction' });

/** The possible lifetimes and what they depend on, to be put before the reason; empty if there is only one. */
export function describeChoices({ possibleMinutes }: TokenLifetime): string {
  return possibleMinutes.length > 1
    ? `${choice.format(possibleMinutes.map(String))} minutes, by the profile of the user; `
    : '';
}
