// What cannot wait for the app. A file of its own, since the app's CSP allows no inline script.

// A chosen theme is set before the first paint.
try {
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Blocked storage: the system's theme it is.
}

// The inbox asks who is signed in before it shows anything (session.ts): the answer comes while the app is loaded.
// Who has a seat on the demo's stage asks over a line of their own (seat.ts).
if (/^\/(?:inbox|$)/.test(location.pathname) && !window.name.startsWith('parley-seat-')) {
  const ask = document.createElement('link')
  Object.assign(ask, { rel: 'preload', as: 'fetch', href: '/api/session', crossOrigin: 'anonymous' })
  document.head.append(ask)
}
