/** The options of a box with a list. Pure. */

export interface IOption {
  readonly id: string;
  readonly label: string;
  /** Tells options of the same label apart; drawn at the end of the line. */
  readonly detail?: string;
}

/**
 * Return the options that match the text: first those that start with it, then those that contain
 * it.
 */
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
