/**
 * The sample website embeds the chat from another origin, as every real website does: opened on localhost it loads the
 * widget from 127.0.0.1, and the other way round. A real page has the script tag in its HTML.
 */
const OTHER = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }

const server = new URL(location.origin)
server.hostname = OTHER[server.hostname] ?? server.hostname

const script = document.createElement('script')
script.src = `${server.origin}/widget.js`
script.dataset.inbox = 'demo'
script.async = true
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
  link.addEventListener('click', () => window.Parley?.open())
}
