package console

import (
	"net/url"
	"strconv"
)

// A flash message crosses the redirect after a form post as a word of a closed
// set and a number, in the address: no cookie, and no text of anybody else's.

// flash returns the query of a redirect.
func flash(done string, n int) string {
	v := url.Values{"done": {done}}
	if n >= 0 {
		v.Set("n", strconv.Itoa(n))
	}
	return "?" + v.Encode()
}

// notice returns the message of a query, "" if it has none that we know.
func notice(v url.Values, name string) string {
	n, err := strconv.Atoi(v.Get("n"))
	if err != nil || n < 0 {
		n = 0
	}
	switch v.Get("done") {
	case "connect":
		return name + " is connected."
	case "settings":
		return "The settings are saved."
	case "mapping":
		return "The property mapping is saved. What it changes is sent from now on."
	case "matching":
		return count(n, "organization is", "organizations are") + " decided."
	case "tags":
		return "Confirmed. The tags that were held back are being sent."
	case "tag-applied":
		return "The tag is applied, and the change is kept with the reason."
	case "tag-removed":
		return "The tag is removed, and the change is kept with the reason."
	case "disconnect":
		return name + " is disconnected. The access credentials are destroyed; nothing was deleted in " + name + "."
	case "pause":
		return "Sending is paused. Changes are still recorded and are sent when you resume."
	case "resume":
		return "Sending goes on."
	case "recheck":
		return "The connection is being checked again."
	case "sync":
		return "A full sync has started."
	case "retry":
		return count(n, "record is", "records are") + " being sent again."
	}
	return ""
}
