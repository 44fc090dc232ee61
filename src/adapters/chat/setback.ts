/**
 * Why a call did not do what it was for.
 * `later`: not done, and not to be asked again before then. `unknown`: it may have been done all the same.
 * `gone`: the message, or the thread it belongs to, is not there any more. `closed`: the place takes nothing from us.
 * `refused`: what was sent is not taken. `unauthorised`: we are not who may do this, anywhere.
 */
export type Setback =
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' | 'closed' | 'refused' | 'unauthorised'; readonly because: string };
