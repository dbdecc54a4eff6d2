// Package hubspot talks to ONE HubSpot portal.
//
// It knows no tenant, no database and no queue: give it a base URL and a
// function that returns the current token, and it promises the following.
//
//   - Every input of a batch is accounted for, in input order. A record that
//     HubSpot's reply does not mention is an error (CodeUnmentioned), never a
//     success.
//   - Every failure after a request was built is an *Error that says whether
//     the write may have happened (Known or Unknown), and that holds no
//     property value, no email address and no token.
//   - A create without a key is sent once, and never again: what became of it
//     after an unclear failure is the caller's to find out.
//   - The portal's limits are respected before HubSpot enforces them, and a
//     portal that is down is left alone for a while.
//   - The token goes to the configured host in the Authorization header, and
//     nowhere else. Redirects are not followed.
//
// One call passes these layers, outermost first:
//
//	breaker   open: fails at once (ErrBreakerOpen)
//	retry     at most two repeats, only of calls that are safe to repeat
//	limiter   every attempt pays one call of the window; searches and associations
//	          also keep within limits of their own
//	auth      every attempt reads the token afresh
//	transport the reply is read whole, up to a cap
//
// Paths exist in two versions, see Version. The same code serves both: any
// 2xx is read for errors, whatever its number.
//
// HubSpot's documentation: https://developers.hubspot.com/docs/api-reference/latest/crm/using-object-apis
package hubspot
