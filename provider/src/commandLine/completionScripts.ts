import type { Argument, Command, Option } from 'commander';

/** The shells that the command can be completed in. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** The script that completes a program's commands, options and values in a shell, made from the program's own definitions. */
export function completionScript(program: Command, shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bashScript(program);
    case 'zsh':
      return zshScript(program);
    case 'fish':
      return fishScript(program);
  }
}

const commandsOf = (program: Command): Command[] => [...program.createHelp().visibleCommands(program)];
const optionsOf = (command: Command): Option[] => [...command.createHelp().visibleOptions(command)];
const longOf = (option: Option): string => option.long ?? option.flags;
const choicesOf = (from: Option | Argument): readonly string[] => from.argChoices ?? [];
const argumentChoices = (command: Command): string[] => command.registeredArguments.flatMap(choicesOf);
const functionOf = (program: Command): string => `_${program.name().replaceAll('-', '_')}`;
/** Quotes a text with single quotes, in a form that all three shells accept. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** If an option's value is not from a list, the reply stays empty, so that bash completes files. */
function bashScript(program: Command): string {
  const cases = commandsOf(program).flatMap((command) => [
    ...optionsOf(command)
      .filter((option) => option.required)
      .map(
        (option) =>
          `    ${quote(`${command.name()} ${longOf(option)}`)}) words=${quote(choicesOf(option).join(' '))} ;;`,
      ),
    `    ${quote(`${command.name()} `)}*) words=${quote([...argumentChoices(command), ...optionsOf(command).map(longOf)].join(' '))} ;;`,
  ]);
  const first = [...commandsOf(program).map((command) => command.name()), ...optionsOf(program).map(longOf)];
  return `${functionOf(program)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quote(first.join(' '))}
  else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F ${functionOf(program)} ${program.name()}
`;
}

function zshScript(program: Command): string {
  const escape = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');
  const optionSpec = (option: Option): string => {
    const choices = choicesOf(option);
    const value = choices.length === 0 ? '_files' : `(${choices.join(' ')})`;
    return quote(
      `*${longOf(option)}[${escape(option.description)}]${option.required ? `:${option.attributeName()}:${value}` : ''}`,
    );
  };
  const cases = commandsOf(program).map((command) => {
    const choices = argumentChoices(command);
    const specs = [
      ...optionsOf(command).map(optionSpec),
      ...(choices.length === 0 ? [] : [quote(`1:argument:(${choices.join(' ')})`)]),
    ];
    return `    ${command.name()})\n      specs=(\n        ${specs.join('\n        ')}\n      ) ;;`;
  });
  const commands = commandsOf(program).map((command) =>
    quote(`${command.name()}:${escape(command.description())}`),
  );
  return `#compdef ${program.name()}
${functionOf(program)}() {
  local -a commands specs
  commands=(
    ${commands.join('\n    ')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  shift words
  (( CURRENT-- ))
  _arguments $specs
}
if [ "$funcstack[1]" = ${functionOf(program)} ]; then
  ${functionOf(program)} "$@"
else
  compdef ${functionOf(program)} ${program.name()}
fi
`;
}

function fishScript(program: Command): string {
  const complete = `complete -c ${program.name()}`;
  const lines = commandsOf(program).flatMap((command) => {
    const seen = `-n '__fish_seen_subcommand_from ${command.name()}'`;
    const choices = argumentChoices(command);
    return [
      `${complete} -f -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
      ...(choices.length === 0 ? [] : [`${complete} -f ${seen} -a ${quote(choices.join(' '))}`]),
      ...optionsOf(command).map((option) => {
        const values = choicesOf(option);
        const value = values.length === 0 ? '-r' : `-x -a ${quote(values.join(' '))}`;
        return `${complete} ${seen} -l ${longOf(option).replace(/^--/, '')} ${option.required ? `${value} ` : ''}-d ${quote(option.description)}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}
