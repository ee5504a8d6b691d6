/** Files that the browser downloads. */

/** Have the browser save a file under a name. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has read the file by then. Otherwise it would keep it as long as the page is open.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
