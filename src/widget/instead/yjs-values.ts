/**
 * In place of those modules of Yjs that no thread needs, in the widget's build. A thread is a map of strings and an array of
 * pairs (src/conversation/document.ts); the relay accepts nothing else, and what is richer (text in drafts) never
 * reaches a visitor. Plain values and deletions are all that such a document holds; the other contents and types are
 * two fifths of Yjs. An update that holds one of them is refused whole, like any other that cannot be read.
 */
const refused = (): never => {
  throw new Error('A thread holds plain values only')
}

class Refused {
  constructor() {
    refused()
  }
}

export {
  refused as cleanupYTextFormatting,
  refused as readContentBinary,
  refused as readContentDoc,
  refused as readContentEmbed,
  refused as readContentFormat,
  refused as readContentJSON,
  refused as readContentString,
  refused as readContentType,
  Refused as ContentBinary,
  Refused as ContentDoc,
  Refused as ContentEmbed,
  Refused as ContentFormat,
  Refused as ContentJSON,
  Refused as ContentString,
  Refused as ContentType,
  Refused as YText,
  Refused as YTextEvent,
  Refused as YXmlElement,
  Refused as YXmlEvent,
  Refused as YXmlFragment,
  Refused as YXmlHook,
  Refused as YXmlText,
}

export const YArrayRefID = 0
export const YMapRefID = 1

/** Asked after each transaction; there is never any text to clean up. */
export const cleanupYTextAfterTransaction = () => {}

/** What Yjs makes for those who observe a type. Nobody does: the device listens to the document's updates. */
export class YEvent {
  readonly target: unknown
  readonly transaction: unknown

  constructor(target: unknown, transaction: unknown) {
    this.target = target
    this.transaction = transaction
  }
}
