/** Files that the browser saves. */

/** Have the browser save a file under a name. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken it by then, and would else keep it as long as the page lives.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
