/**
 * Names that are cut in the middle where they do not fit, because names of trials differ at the
 * end.
 */
import * as React from 'react';

/**
 * Return the longest form of a name that `fits`: the whole name, or with an ellipsis in the middle.
 */
export function cutInTheMiddle(name: string, fits: (text: string) => boolean): string {
  if (fits(name)) {
    return name;
  }
  const letters = Array.from(name);
  const cut = (kept: number): string => {
    const head = letters.slice(0, Math.ceil(kept / 2)).join('');
    return `${head}…${letters.slice(letters.length - Math.floor(kept / 2)).join('')}`;
  };
  let [least, most] = [0, letters.length - 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(cut(middle))) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return cut(least);
}

let canvas: CanvasRenderingContext2D | null = null;

/** One observer for all names: it is called after layout, when measuring costs little. */
const observer = new ResizeObserver(entries => {
  canvas ??= document.createElement('canvas').getContext('2d');
  const cuts = entries.map(({ target, contentRect }): [HTMLElement, string] => {
    const element = target as HTMLElement;
    const style = getComputedStyle(element);
    const lines = Number(style.getPropertyValue('--smx-name-lines')) || 1;
    canvas!.font = style.font;
    // Half a pixel is added because layout rounds widths that the canvas does not. Each line but
    // the last one may leave space for most of a letter.
    const letter = canvas!.measureText('m').width;
    const room = contentRect.width * lines - letter * (lines - 1) + 0.5;
    const fits = (text: string): boolean => canvas!.measureText(text).width <= room;
    return [element, cutInTheMiddle(element.textContent ?? '', fits)];
  });
  for (const [element, text] of cuts) {
    (element.lastElementChild as HTMLElement).dataset.text = text;
  }
});

/**
 * A text that is cut in the middle, with as many lines as `--smx-name-lines` says.
 *
 * #### Notes
 * The whole name is one text node, so that find-in-page, copying and screen readers find it
 * complete. It lies invisibly over the cut name, which is drawn from an attribute.
 */
export function Name(props: { name: string; title?: string; className?: string }): JSX.Element {
  const { name, title = name, className = '' } = props;
  const box = React.useRef<HTMLSpanElement>(null);
  React.useLayoutEffect(() => {
    const element = box.current!;
    observer.observe(element);
    return () => observer.unobserve(element);
  }, [name]);
  // Text with spaces wraps between words. Text without spaces fills each line.
  const piece = /\s/.test(name) ? '' : ' smx-mod-piece';
  return (
    <span ref={box} className={`smx-CutName${piece} ${className}`} title={title}>
      <span className="smx-CutName-text">{name}</span>
      <span className="smx-CutName-drawn" aria-hidden="true" data-text={name} />
    </span>
  );
}
