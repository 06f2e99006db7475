import { DAY, HOUR, LAMPS, REPAIRS, type SampleConversation } from './script.ts'

/** Sample conversations that wait for somebody, in the states that an inbox shows. */
export const OPEN_CONVERSATIONS: readonly SampleConversation[] = [
  {
    // Just come in: nobody has looked.
    began: 3,
    locale: 'en-GB',
    page: { ...LAMPS, referrer: 'https://search.example.com/' },
    lines: [
      { after: 0, by: 'visitor', says: 'Hi! Do you ship to Ireland?' },
      { after: 1, by: 'visitor', says: 'It would be the large reading lamp, in brass.' },
    ],
  },
  {
    // Unassigned, with an address, in German.
    began: 14,
    locale: 'de-DE',
    page: REPAIRS,
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
    // Being answered right now, with comments beside it; Marcus has been here before (closed-conversations.ts).
    began: 32,
    visitor: 'marcus',
    locale: 'en-US',
    page: LAMPS,
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
      { after: 1, by: 'ada', notes: 'Third cracked shade from this batch. @cy, can you ask the glassblower?' },
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
    // Right to left, and nobody's yet.
    began: 48,
    locale: 'he-IL',
    page: { ...LAMPS, referrer: 'https://search.example.com/' },
    lines: [
      { after: 0, by: 'visitor', says: 'שלום, האם מנורת הקריאה מתאימה לחדר שינה? אני מחפשת אור חם ונעים.' },
      { after: 1, by: 'visitor', leaves: { name: 'נועה לוי', email: 'noa.levi@example.com' } },
      { after: 2, by: 'visitor', says: 'ואפשר לשלם ב-PayPal?' },
    ],
  },
  {
    // Bo's, waiting for the visitor, in French.
    began: 2 * HOUR,
    locale: 'fr-FR',
    page: LAMPS,
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
    // Answered from a train: written without a network, and sent twenty minutes later. In Spanish.
    began: 3 * HOUR,
    locale: 'es-MX',
    page: LAMPS,
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Buenas tardes. Quisiera la lámpara de pie, pero con la pantalla en verde. ¿Se puede?',
      },
      { after: 2, by: 'visitor', leaves: { email: 'lucia.ortega@example.com', name: 'Lucía Ortega' } },
      { after: 9, by: 'ada', assigns: 'ada' },
      {
        after: 26,
        by: 'ada',
        written: 21,
        says: 'Buenas tardes, Lucía. Sí, la pantalla de lino se puede teñir de verde. Tarda una semana más y cuesta 30 € más.',
      },
      { after: 31, by: 'visitor', says: 'Perfecto. ¿Me puede mandar una muestra del color?' },
    ],
  },
  {
    // Two things that fit on no line: a word of German, and a web address.
    began: 4 * HOUR,
    locale: 'de-AT',
    page: REPAIRS,
    lines: [
      {
        after: 0,
        by: 'visitor',
        says:
          'Hallo! 👋 Mir fehlt die Lampenschirmbefestigungsschraubenabdeckkappe 😅\n\nSo sieht sie aus: ' +
          'https://www.example.com/spare-parts/floor-lamp/2024/shade-holder/screw-cover/brushed-brass?size=14mm&thread=M10x1&finish=matt&from=repairs-page',
      },
      { after: 1, by: 'visitor', leaves: { email: 'f.gruber@example.com', name: 'Franz Gruber' } },
      { after: 6, by: 'cy', assigns: 'cy' },
      {
        after: 2,
        by: 'cy',
        says: 'Ein schönes Wort 😄 Die haben wir da. Ich lege sie Ihnen kostenlos in einen Umschlag.',
      },
      { after: 4, by: 'visitor', says: '🎉🙏' },
    ],
  },
  {
    // Handed from one agent to another.
    began: 5 * HOUR,
    locale: 'en-GB',
    page: { ...LAMPS, referrer: 'https://news.example.com/good-light' },
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
      { after: 1, by: 'cy', notes: 'A trade order. @bo, this one is yours I think.' },
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
    // Words that were changed, and words that were taken back.
    began: 6 * HOUR,
    locale: 'en-IE',
    page: LAMPS,
    lines: [
      { after: 0, by: 'visitor', says: 'What is the cable length of the Halo? My celling is 3.4 m high.' },
      { after: 1, by: 'visitor', corrects: 'What is the cable length of the Halo? My ceiling is 3.4 m high.' },
      { after: 2, by: 'visitor', leaves: { name: 'Aoife Byrne', email: 'aoife@example.com' } },
      { after: 5, by: 'bo', assigns: 'bo' },
      { after: 1, by: 'bo', says: 'It comes with 1.5 m of cable, and can be shortened.' },
      { after: 2, by: 'bo', corrects: 'It comes with 2.5 m of cable, and can be shortened without tools.' },
      { after: 3, by: 'bo', says: 'Claire, your black Halo is ready.' },
      { after: 1, by: 'bo', takesBack: true },
      { after: 1, by: 'bo', says: 'Sorry, that was for somebody else. Is 2.5 m enough for you?' },
      { after: 8, by: 'visitor', says: 'Just about. I will measure again tonight.' },
    ],
  },
  {
    // Closed by Bo while he had no network, and Sanne had written meanwhile: that close does not count. In Dutch.
    began: 9 * HOUR,
    locale: 'nl-NL',
    page: REPAIRS,
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Goedemiddag, mijn bureaulamp blijft niet meer in zijn stand. Kan dat gemaakt worden?',
      },
      { after: 1, by: 'visitor', leaves: { email: 'sanne.dejong@example.com', name: 'Sanne de Jong' } },
      { after: 7, by: 'bo', assigns: 'bo' },
      {
        after: 1,
        by: 'bo',
        says: 'Goedemiddag Sanne. Zeker, de veer is dan moe. Stuur de lamp op, wij zetten er een nieuwe in.',
      },
      { after: 4, by: 'visitor', says: 'Fijn, dat doe ik.' },
      { after: 19, by: 'visitor', says: 'Nog één vraag: moet de lamp in de originele doos?' },
      { after: 6, by: 'bo', closes: true, written: 14, missed: 1 },
      { after: 3, by: 'ada', notes: '@bo, your close came in late and she had asked something. I answered.' },
      { after: 1, by: 'ada', says: 'Dat hoeft niet. Elke stevige doos is goed, met wat papier eromheen.' },
    ],
  },
  {
    // Written over night, in Japanese, nobody's yet.
    began: 11 * HOUR,
    locale: 'ja-JP',
    page: LAMPS,
    lines: [
      { after: 0, by: 'visitor', says: 'こんにちは。日本の電圧（100V）でも使えますか？' },
      { after: 2, by: 'visitor', leaves: { email: 'haruka@example.com', name: '田中 遥' } },
    ],
  },
  {
    // Overlooked: it has been waiting since yesterday, and she asks again.
    began: DAY + 5 * HOUR,
    locale: 'en-GB',
    page: { ...LAMPS, referrer: 'https://gifts.example.com/wedding' },
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Hello, can you engrave a name on the base of the reading lamp? It is a wedding present.',
      },
      { after: 2, by: 'visitor', leaves: { email: 'eleanor.marsh@example.com', name: 'Eleanor Marsh' } },
      { after: 9 * HOUR, by: 'visitor', says: 'Is anybody there? The wedding is on the 14th.' },
    ],
  },
  {
    // Closed once, and reopened by its visitor.
    began: 3 * DAY,
    locale: 'en-US',
    page: LAMPS,
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
