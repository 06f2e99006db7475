/**
 * On the demo's stage (/demo/stage) this page is the visitor's seat: in a frame, with a line of its own that can be
 * unplugged. The stage reaches into the chat's frame to see what waits there, so that here alone the chat is of the
 * page's own origin; and it is open from the start.
 */
const seat = /^parley-seat-([a-z]+)$/.exec(window.name)?.[1]
const onStage = seat !== undefined && window.frameElement !== null
if (onStage) {
  const line = `${location.origin}/api/`
  const ask = window.fetch
  // The loader's own calls go over the visitor's line, too; those of its frame do so by themselves.
  window.fetch = (url, how) => ask(String(url).replace(line, `${location.origin}/demo/seat/${seat}/api/`), how)
}

/**
 * The sample website embeds the chat from another origin, as every real website does: opened on localhost it loads the
 * widget from 127.0.0.1, and the other way round. A real page has the script tag in its HTML.
 */
const OTHER = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }

const server = new URL(location.origin)
if (!onStage) server.hostname = OTHER[server.hostname] ?? server.hostname

const script = document.createElement('script')
script.src = `${server.origin}/widget.js`
script.dataset.inbox = 'demo'
script.async = true
if (onStage) script.addEventListener('load', () => window.Parley?.open())
document.head.append(script)

const tag = document.querySelector('#script-tag')
const copy = document.querySelector('#copy-tag')
tag.textContent = script.outerHTML.replace('async=""', 'async')
copy.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(tag.textContent)
    copy.textContent = 'Copied'
  } catch {
    // No permission: the words are selected instead, for the keyboard.
    getSelection()?.selectAllChildren(tag)
  }
})

for (const link of document.querySelectorAll('[data-open-chat]')) {
  link.addEventListener('click', () => (window.Parley ??= []).push(['open']))
}
