/** Where to go after signing in: a path inside the app, whatever the address bar was made to say. */
export function ownPath(asked: string | null): string {
  return asked !== null && /^\/(?:inbox|settings)(?:[/?][\w/?=&-]*)?$/.test(asked) ? asked : '/inbox'
}
