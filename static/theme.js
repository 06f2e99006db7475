// Sets a chosen theme before the first paint. A file of its own, since the app's CSP allows no inline script.
try {
  const theme = localStorage.getItem('parley.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Blocked storage: the system's theme it is.
}
