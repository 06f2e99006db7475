import { DAY, HOUR, type SampleConversation } from './script.ts'

/** Sample conversations that wait for somebody, in the states that an inbox shows. */
export const OPEN_CONVERSATIONS: readonly SampleConversation[] = [
  {
    // Just come in: nobody has looked.
    began: 3,
    locale: 'en-GB',
    page: { path: '/demo/', title: 'Lumen & Oak', referrer: 'https://search.example.com/' },
    lines: [
      { after: 0, by: 'visitor', says: 'Hi! Do you ship to Ireland?' },
      { after: 1, by: 'visitor', says: 'It would be the large reading lamp, in brass.' },
    ],
  },
  {
    // Unassigned, with an address, in German.
    began: 14,
    locale: 'de-DE',
    page: { path: '/demo/repairs.html', title: 'Repairs · Lumen & Oak' },
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Guten Tag, bei meiner Stehleuchte flackert seit gestern das Licht. Liegt das am Dimmer oder am Leuchtmittel?',
      },
      { after: 1, by: 'visitor', leaves: { email: 'jana.weber@example.com', name: 'Jana Weber' } },
      { after: 2, by: 'visitor', says: 'Sie ist knapp ein Jahr alt, die Rechnung habe ich noch.' },
    ],
  },
  {
    // Being answered right now, with a comment beside it.
    began: 32,
    locale: 'en-US',
    page: { path: '/demo/', title: 'Lumen & Oak' },
    lines: [
      { after: 0, by: 'visitor', says: 'My order arrived today, but the glass shade has a crack. What do I do?' },
      { after: 1, by: 'visitor', leaves: { email: 'marcus.hill@example.com', name: 'Marcus Hill' } },
      { after: 2, by: 'ada', assigns: 'ada' },
      {
        after: 1,
        by: 'ada',
        says: 'I am sorry about that, Marcus. We will send you a new shade at no cost. Could you tell me the order number?',
      },
      { after: 4, by: 'visitor', says: 'Thanks! It is LO-20418.' },
      { after: 1, by: 'ada', notes: 'Third cracked shade from this batch. Can you ask the glassblower?', to: 'cy' },
      {
        after: 6,
        by: 'cy',
        notes: 'Asked. They changed the packaging in spring, the old boxes should be gone by now.',
      },
      { after: 2, by: 'ada', says: 'Found it. The new shade leaves tomorrow, and you can keep the old one.' },
      { after: 3, by: 'visitor', says: 'Wow, that was quick. Will I get a tracking number?' },
    ],
  },
  {
    // Bo's, waiting for the visitor, in French.
    began: 2 * HOUR,
    locale: 'fr-FR',
    page: { path: '/demo/', title: 'Lumen & Oak' },
    lines: [
      { after: 0, by: 'visitor', says: 'Bonjour, est-ce que la suspension « Halo » existe aussi en noir ?' },
      { after: 3, by: 'bo', assigns: 'bo' },
      {
        after: 1,
        by: 'bo',
        says: 'Bonjour ! Oui, en noir mat, dans les deux tailles. Voulez-vous que je vous en mette une de côté ?',
      },
      { after: 5, by: 'visitor', leaves: { email: 'claire.dubois@example.com' } },
      { after: 2, by: 'visitor', says: 'La petite, alors. Je passe samedi matin avec plaisir.' },
      { after: 3, by: 'bo', says: 'C’est noté, elle vous attend samedi à partir de 9 h.' },
    ],
  },
  {
    // Handed from one agent to another.
    began: 5 * HOUR,
    locale: 'en-GB',
    page: { path: '/demo/', title: 'Lumen & Oak', referrer: 'https://news.example.com/good-light' },
    lines: [
      {
        after: 0,
        by: 'visitor',
        says:
          'Hello, I run a small hotel and need 24 bedside lamps by the end of next month.\n\n' +
          'Is there a price for that many, and could they have a USB socket?',
      },
      {
        after: 2,
        by: 'visitor',
        leaves: { email: 'priya@hotel.example.com', name: 'Priya Nair', phone: '+44 20 7946 0123' },
      },
      { after: 8, by: 'cy', assigns: 'cy' },
      { after: 1, by: 'cy', notes: 'A trade order. Bo, this one is yours I think.', to: 'bo' },
      { after: 4, by: 'cy', assigns: 'bo' },
      {
        after: 9,
        by: 'bo',
        says: 'Good morning Priya. For 24 pieces it is 15 % less, and the socket is possible. I will have a written offer for you today.',
      },
      { after: 20, by: 'visitor', says: 'Lovely. Please add the delivery to Edinburgh to it.' },
    ],
  },
  {
    // Written over night, in Japanese, nobody's yet.
    began: 11 * HOUR,
    locale: 'ja-JP',
    page: { path: '/demo/', title: 'Lumen & Oak' },
    lines: [
      { after: 0, by: 'visitor', says: 'こんにちは。日本の電圧（100V）でも使えますか？' },
      { after: 2, by: 'visitor', leaves: { email: 'haruka@example.com', name: '田中 遥' } },
    ],
  },
  {
    // Closed once, and reopened by its visitor.
    began: 3 * DAY,
    locale: 'en-US',
    page: { path: '/demo/', title: 'Lumen & Oak' },
    lines: [
      { after: 0, by: 'visitor', says: 'Which bulb goes into the desk lamp? The label has come off.' },
      { after: 6, by: 'cy', assigns: 'cy' },
      { after: 1, by: 'cy', says: 'An E14 with at most 8 watts of LED. Any shop has them.' },
      { after: 3, by: 'visitor', says: 'Perfect, thanks' },
      { after: 10, by: 'cy', closes: true },
      {
        after: 2 * DAY + 20 * HOUR,
        by: 'visitor',
        says: 'Me again: the E14 fits, but it hums when I dim it. Is that normal?',
      },
    ],
  },
]
