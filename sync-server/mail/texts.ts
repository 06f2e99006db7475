/** Everything that a transcript says by itself, in one language. */
export interface TranscriptTexts {
  /** A BCP 47 tag, for dates and for the mail's `lang`. */
  locale: string
  subject(inbox: string, date: string): string
  heading(inbox: string): string
  began: string
  page: string
  zone(name: string): string
  edited: string
  writtenAt(time: string): string
  empty: string
  footer(inbox: string): string
  /** Somebody whose account is gone, and a bot, as the reader knows them. */
  team: string
  bot: string
}

export const ENGLISH: TranscriptTexts = {
  locale: 'en-GB',
  subject: (inbox, date) => `Your chat with ${inbox} on ${date}`,
  heading: (inbox) => `Your chat with ${inbox}`,
  began: 'Began',
  page: 'On the page',
  zone: (name) => `All times are in ${name}.`,
  edited: 'edited',
  writtenAt: (time) => `written at ${time}`,
  empty: 'No messages.',
  footer: (inbox) => `You receive this because you left your address in a chat with ${inbox}.`,
  team: 'The team',
  bot: 'Bot',
}
