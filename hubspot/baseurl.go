package hubspot

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// parseBaseURL accepts https, and http to this machine itself. The errors do
// not quote the URL: a mistyped one may hold a password.
func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("hubspot: base url: not a url")
	}
	switch {
	case u.User != nil:
		return nil, errors.New("hubspot: base url: must not hold a user or a password")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New("hubspot: base url: no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("hubspot: base url: must not hold a query or a fragment")
	case u.Scheme == "https":
	case u.Scheme == "http" && isLoopback(u.Hostname()):
	default:
		return nil, errors.New("hubspot: base url: must be https, or http on a loopback address")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
