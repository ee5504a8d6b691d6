/** SVG files are bundled as their source text, which is what LabIcon takes. */
declare module '*.svg' {
  const value: string;
  export default value;
}
