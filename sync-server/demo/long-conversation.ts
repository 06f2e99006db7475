import { DAY, HOUR, LAMPS, type Line, type SampleConversation } from './script.ts'

type Turn = readonly [who: 'v' | 'a' | 'b', says: string, after?: number]

/** A whole restaurant is lit, over two days: what a long thread looks like. */
const FIRST_DAY: readonly Turn[] = [
  ['v', 'Hello! We open a small bistro in six weeks and fell for your lamps. Can you help with the whole room?'],
  ['a', 'Congratulations, and gladly. How large is the room, and how many tables are there?'],
  ['v', 'About 60 m², eleven tables, and a bar of 4 metres.'],
  ['v', 'Ceiling is 3.2 m, brick walls, a lot of wood already.'],
  ['a', 'Good bones. What should people feel when they come in?'],
  ['v', 'Evening, even at noon. Warm, but they should be able to read the menu.'],
  ['a', 'Then low and many rather than high and few. I would hang one small Halo above each table.'],
  ['v', 'Eleven of them? How low?'],
  ['a', '70 cm above the table top. People see each other beneath the ring, and the light stays on the plates.'],
  ['v', 'And when we push two tables together?'],
  ['a', 'The cable runs through a hook: you move the lamp half a metre without tools.'],
  ['v', 'Clever. What about the bar?'],
  ['a', 'Three reading lamps, mounted on the shelf behind it. Brass looks good in front of bottles.'],
  ['v', 'Oh yes. Can they be mounted upside down?'],
  ['a', 'They can, the joint holds in every position. We would leave out the foot and give you a wall plate.'],
  ['v', 'How much is that without the foot?'],
  ['a', '£215 instead of £240.'],
  ['v', 'And the Halos? Do we get something off for eleven?', 4],
  ['a', 'From ten pieces on it is 12 %. That makes £334 each for the small ones.', 5],
  ['v', 'Let me write that down. Dimmable, all of them?'],
  ['a', 'All of them, by one dimmer per circuit. I would plan three: tables at the window, tables at the back, bar.'],
  ['v', 'Our electrician asks for the load per circuit.', 25],
  ['a', 'Window: 5 × 9 W. Back: 6 × 9 W. Bar: 3 × 6 W. Trailing edge dimmers, please.', 6],
  ['v', 'He says thank you, nobody has ever answered that at once.'],
  ['a', 'Then he should come for a coffee once you are open.'],
  ['v', 'He will. He has already chosen a table.'],
  ['v', 'What colour are the bulbs?'],
  ['a', '2700 K, and when dimmed they go down to 2200 K, like candles.'],
  ['v', 'Perfect. And glare? My sister hates to look into a bulb.'],
  ['a', 'The ring shines downwards only. From the side you see the oak and a glow.'],
  ['v', 'Oak or black steel, with all that brick?'],
  ['a', 'Black above, oak below? Steel for the tables, oak for whatever people touch.'],
  ['v', 'I need to see that. Do you have photos of a room like ours?', 3],
  ['a', 'Two, I will look for them and come back to you this afternoon.', 4],
  ['v', 'No hurry, we are painting anyway.'],
]

const SECOND_DAY: readonly Turn[] = [
  [
    'b',
    'Hello Mira, Bo here, Ada is at the workshop today. She left me the photos: https://www.example.com/bistro',
    20 * HOUR,
  ],
  ['v', 'Oh, lovely! Black it is. The second picture is exactly it.', 12],
  ['b', 'A good choice. It is also the easier one to keep clean.'],
  ['v', 'Speaking of which: grease from the kitchen?'],
  ['b', 'Warm water, a drop of soap, a soft cloth. The finish is baked on, nothing comes off.'],
  ['v', 'And if one of them breaks?'],
  ['b', 'Every part is a spare part. The ring, the cable, the driver: three screws each.'],
  ['v', 'How long do you keep the parts?'],
  ['b', 'Fifteen years after the last lamp of a kind was sold. That is written in the guarantee.'],
  ['v', 'My husband asks whether that is a joke.', 2],
  ['b', 'It is not. We repaired a lamp from 1994 last week.'],
  ['v', 'He is convinced now.'],
  ['b', 'Tell him that I am glad.'],
  ['v', 'When would you have to know for sure, if we open in six weeks?', 9],
  ['b', 'By the end of next week. Eleven rings are four weeks of work, and one to be safe.', 2],
  ['v', 'And the delivery?'],
  ['b', 'By our own van, on a pallet. Two people carry it in, and take the boxes away again.'],
  ['v', 'There is a step at the entrance, about 15 cm.'],
  ['b', 'I write it down. They bring a ramp.'],
  ['v', 'You think of everything.'],
  ['b', 'We forgot the ramp once. Only once.'],
  ['v', 'Ha! Could we pay half now and half on delivery?', 5],
  ['b', 'Half now, and half thirty days after the delivery. So you can see them at night first.'],
  ['v', 'That is more than fair.'],
  ['b', 'I put it all into one offer: 11 small Halos in black, 3 reading lamps without foot, delivery, three dimmers.'],
  ['v', 'Please add two spare bulbs for the bar.'],
  ['b', 'Added. You have it by e-mail this afternoon.'],
  ['v', 'Thank you, Bo. And thank Ada, too.', 3],
  ['a', 'With pleasure, Mira. I am back, and I looked over the offer: it is right.', 2 * HOUR],
  ['v', 'We have read it twice and we say yes. Where do I sign?', 50],
]

const WHO = { v: 'visitor', a: 'ada', b: 'bo' } as const

function lines(turns: readonly Turn[]): Line[] {
  return turns.map(([who, says, after = 1]) => ({ after, by: WHO[who], says }))
}

export const LONG_CONVERSATION: SampleConversation = {
  began: DAY + 2 * HOUR + 35,
  locale: 'en-GB',
  page: { ...LAMPS, referrer: 'https://interiors.example.com/bistros-we-love' },
  lines: [
    ...lines(FIRST_DAY.slice(0, 4)),
    {
      after: 1,
      by: 'visitor',
      leaves: { name: 'Mira Castellanos', email: 'mira@bistro.example.com', phone: '+44 117 496 0188' },
    },
    { after: 0, by: 'ada', assigns: 'ada' },
    ...lines(FIRST_DAY.slice(4)),
    {
      after: 30,
      by: 'ada',
      notes: '@bo, I am at the workshop tomorrow. The photos are in the folder “bistro”, could you send them to her?',
    },
    { after: 40, by: 'bo', notes: 'Will do.' },
    ...lines(SECOND_DAY),
  ],
}
