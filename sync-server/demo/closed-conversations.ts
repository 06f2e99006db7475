import { DAY, HOUR, LAMPS, REPAIRS, type SampleConversation } from './script.ts'

/** Sample conversations that have come to their end. */
export const CLOSED_CONVERSATIONS: readonly SampleConversation[] = [
  {
    began: 7 * HOUR,
    locale: 'en-US',
    page: LAMPS,
    lines: [
      { after: 0, by: 'visitor', says: 'Can I change the address of an order that I placed an hour ago?' },
      { after: 2, by: 'bo', assigns: 'bo' },
      { after: 1, by: 'bo', says: 'Yes, it has not left yet. Which address should it be?' },
      { after: 2, by: 'visitor', says: '48 Harbour Lane, Portland. Name and the rest stay the same.' },
      { after: 3, by: 'bo', says: 'Changed. You will get a new confirmation in a minute.' },
      { after: 1, by: 'visitor', says: 'Got it, thank you so much' },
      { after: 4, by: 'bo', closes: true },
      { after: 1, by: 'visitor', rates: 5, text: 'Fast and friendly' },
    ],
  },
  {
    // With a transcript and a rating, in French; two had answered at once.
    began: DAY - 2 * HOUR,
    locale: 'fr-BE',
    page: REPAIRS,
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Bonjour, le globe en verre de ma lampe s’est cassé. Vendez-vous des pièces détachées ?',
      },
      { after: 1, by: 'visitor', leaves: { email: 'h.lambert@example.com', name: 'Hélène Lambert' } },
      { after: 3, by: 'cy', assigns: 'cy' },
      { after: 1, by: 'cy', says: 'Bonjour Madame. Bien sûr, toutes nos pièces se commandent séparément.' },
      { after: 1, by: 'bo', missed: 1, says: 'Bonjour ! Oui, le globe coûte 45 €, port compris.' },
      { after: 1, by: 'bo', notes: 'Sorry @cy, we answered at the same moment. It is yours.' },
      { after: 4, by: 'visitor', says: 'Formidable, je le commande. Merci à vous deux !' },
      { after: 5, by: 'cy', closes: true, mail: true },
      { after: 1, by: 'system', mailed: 'h.lambert@example.com' },
      { after: 3, by: 'visitor', rates: 4, text: 'Rapide et aimable' },
    ],
  },
  {
    // Marcus's first visit.
    began: 5 * DAY,
    locale: 'en-US',
    page: LAMPS,
    visitor: 'marcus',
    lines: [
      { after: 0, by: 'visitor', says: 'Do you have the floor lamp in walnut as well?' },
      { after: 4, by: 'ada', assigns: 'ada' },
      {
        after: 1,
        by: 'ada',
        says: 'Only in oak for now. We can stain it darker, which comes close. Shall I send you a photo?',
      },
      { after: 3, by: 'visitor', leaves: { email: 'marcus.hill@example.com', name: 'Marcus Hill' } },
      { after: 1, by: 'visitor', says: 'Please do.' },
      { after: 12, by: 'ada', says: 'It is on its way to your inbox.' },
      { after: 25, by: 'visitor', says: 'That is the one. Ordered.' },
      { after: 2, by: 'ada', closes: true, mail: true },
      { after: 1, by: 'system', mailed: 'marcus.hill@example.com' },
    ],
  },
  {
    began: DAY + 2 * HOUR,
    locale: 'es-ES',
    page: LAMPS,
    lines: [
      { after: 0, by: 'visitor', says: 'Hola, ¿cuánto tarda el envío a Valencia?' },
      { after: 5, by: 'ada', assigns: 'ada' },
      {
        after: 1,
        by: 'ada',
        says: '¡Hola! Entre tres y cinco días laborables. Si lo necesita antes, hay envío urgente en 48 horas.',
      },
      { after: 4, by: 'visitor', says: 'Con el normal me basta. Gracias.' },
      { after: 6, by: 'ada', closes: true },
    ],
  },
  {
    began: 2 * DAY + 4 * HOUR,
    locale: 'en-GB',
    page: REPAIRS,
    lines: [
      {
        after: 0,
        by: 'visitor',
        says: 'Do you repair lamps that you did not make? It is a 1960s floor lamp from my grandmother.',
      },
      { after: 2, by: 'visitor', leaves: { email: 'tom.ellery@example.com', name: 'Tom Ellery' } },
      { after: 7, by: 'cy', assigns: 'cy' },
      {
        after: 2,
        by: 'cy',
        says: 'We do, and we like those best. New wiring and a socket is usually 60 to 90 pounds. Could you bring it in?',
      },
      { after: 12, by: 'visitor', says: 'I can on Thursday. Does it need an appointment?' },
      { after: 1, by: 'cy', says: 'No, just come by before five.' },
      { after: 1, by: 'cy', notes: '@ada, please keep half an hour free on Thursday for Mr Ellery.' },
      { after: 9, by: 'cy', closes: true },
    ],
  },
  {
    began: 4 * DAY + HOUR,
    locale: 'ar',
    page: LAMPS,
    lines: [
      { after: 0, by: 'visitor', says: 'مرحبا، هل يتوفر المصباح باللون الأبيض؟' },
      { after: 11, by: 'ada', says: 'مرحبا بك. نعم، متوفر باللون الأبيض وسيصل خلال أسبوع.' },
      { after: 5, by: 'visitor', says: 'شكرا جزيلا' },
      { after: 8, by: 'ada', closes: true },
    ],
  },
  {
    began: 6 * DAY + 3 * HOUR,
    locale: 'en-US',
    page: { ...LAMPS, referrer: 'https://social.example.com/' },
    lines: [
      { after: 0, by: 'visitor', says: 'Is the oak certified? I only buy wood when I know where it is from.' },
      { after: 15, by: 'bo', assigns: 'bo' },
      {
        after: 3,
        by: 'bo',
        says: 'It is: all of it grows within 200 km of the workshop. The certificate is at https://www.example.com/oak',
      },
      { after: 30, by: 'bo', closes: true },
    ],
  },
]
