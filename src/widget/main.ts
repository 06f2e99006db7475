import { mount } from 'svelte'
import { localeOf } from '#conversation/languages.ts'
import { createVisitorDevice } from '#sync/device.ts'
import { seatOf, takeSeat } from '#sync/seat.ts'
import App from './App.svelte'
import './app.css'
import { joinParent, standAlone, storageOf } from './parent.ts'
import { seal } from './protocol.ts'
import { locale, speak } from './texts/index.ts'
import { Widget } from './widget.svelte.ts'

/** How long after a failed start it is tried again, in ms. */
const TRY_AGAIN = 3_000

/** The app in the widget's frame; opened by itself it is a page that does the same. */

async function start(): Promise<void> {
  const target = document.getElementById('app')
  if (target === null) throw new Error('index.html has no #app')
  const query = new URLSearchParams(location.search)
  const inbox = query.get('inbox') ?? ''
  const origin = query.get('origin')
  const memory = storageOf(window, 'localStorage')
  const framed = window.parent !== window
  // In a frame without an origin there is nobody to trust: no handshake, no visitor, nothing shown.
  if (framed && origin === null) return
  // The launcher gives up on a frame that says nothing; what follows may take a while on a slow line.
  if (origin !== null) window.parent.postMessage(seal({ is: 'here' }), origin)
  // A page that says its language is followed, into English too if it is one that nobody here speaks.
  const asked = query.get('locale') ?? ''
  await speak(localeOf(asked === '' ? navigator.languages : [asked]))
  document.documentElement.lang = locale.tag
  const place = framed && origin !== null ? await joinParent(window, origin) : standAlone(window, inbox, memory)
  // The website may be the visitor's seat on the demo's stage.
  const seat = seatOf(window.parent)
  const widget = new Widget({
    place,
    inbox,
    memory,
    fetch: (path, ...how) => fetch(`${seat?.path ?? ''}${String(path)}`, ...how),
    async createDevice({ visitor, token }) {
      const environment = seat === null ? {} : { profile: seat.profile }
      const url = `${serverUrl()}${seat?.path ?? ''}`
      const device = await createVisitorDevice({ principal: `visitor:${visitor.id}`, inbox, url, token, environment })
      if (seat !== null) takeSeat(seat, device)
      return device
    },
    ids: { now: () => Date.now(), random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes.length)) },
    locale: locale.tag,
    visible: () => document.visibilityState === 'visible',
  })
  mount(App, { target, props: { widget, drafts: storageOf(window, 'sessionStorage') } })
}

/** Where the socket goes: the server that this page came from. */
function serverUrl(): string {
  return location.origin.replace(/^http/, 'ws')
}

// Without its words there is nothing to show: the line was lost, so it is all asked for again.
start().catch((error: unknown) => {
  setTimeout(() => location.reload(), TRY_AGAIN)
  throw error
})
