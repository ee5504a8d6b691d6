/** What a box with a list offers. Pure. */

export interface IOption {
  readonly id: string;
  readonly label: string;
  /** What tells it from others of its name; drawn at the end of the line. */
  readonly detail?: string;
}

/** What of the options is chosen by the text, best first: how it starts, then what it contains. */
export function matching(options: readonly IOption[], text: string): readonly IOption[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') {
    return options;
  }
  const starting: IOption[] = [];
  const containing: IOption[] = [];
  for (const option of options) {
    const at = option.label.toLocaleLowerCase().indexOf(wanted);
    if (at >= 0) {
      (at === 0 ? starting : containing).push(option);
    }
  }
  return [...starting, ...containing];
}
