package notetext

import (
	"net"
	"net/url"
	"strings"
)

// maxLink is the longest link that a note carries.
const maxLink = 2048

// Safe reports whether a link may stand in a note: absolute, https (or http to
// this very machine, for a host in development), printable ASCII, no user in
// it.
func Safe(link string) bool {
	_, ok := Host(link)
	return ok
}

// Host returns the host name, in lower case, that a safe link leads to.
func Host(link string) (string, bool) {
	if link == "" || len(link) > maxLink || strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	return host, u.Scheme == "https" || u.Scheme == "http" && loopback(host)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
