/**
 * In place of Yjs's modules for text and XML in the widget's build. A thread holds strings in a map and pairs in an
 * array (src/conversation/document.ts), and the relay accepts nothing else; rich text is in drafts, which visitors never
 * get. What such a type would need is a third of Yjs. An update that holds one is refused whole, like any other that
 * cannot be read.
 */
const refused = (): never => {
  throw new Error('A thread holds no text or XML types')
}
export const readYText = refused
export const readYXmlElement = refused
export const readYXmlFragment = refused
export const readYXmlHook = refused
export const readYXmlText = refused
export const cleanupYTextFormatting = refused
/** Asked after each transaction; there is never any text to clean up. */
export const cleanupYTextAfterTransaction = () => {}

class RefusedType {
  constructor() {
    refused()
  }
}
export {
  RefusedType as YText,
  RefusedType as YTextEvent,
  RefusedType as YXmlElement,
  RefusedType as YXmlEvent,
  RefusedType as YXmlFragment,
  RefusedType as YXmlHook,
  RefusedType as YXmlText,
}
