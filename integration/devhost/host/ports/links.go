package ports

import (
	"net"
	"net/url"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Links leads to the host's own pages.
type Links struct{ base string }

var _ integration.LinkBuilder = Links{}

// NewLinks returns links below base, the address at which people find the host.
// An address that is neither https nor on this machine leads nowhere: there are
// no links then.
func NewLinks(base string) Links {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())) {
		return Links{}
	}
	return Links{strings.TrimRight(base, "/")}
}

// Link implements [integration.LinkBuilder].
func (l Links) Link(_ string, ref integration.Ref) string {
	page := Page(ref)
	if l.base == "" || page == "" {
		return ""
	}
	return l.base + page
}

// Page is the path of the host's page about ref, "" if it has none: a
// membership is a part of its member's.
func Page(ref integration.Ref) string {
	folder := map[integration.Kind]string{
		integration.KindMember: "members", integration.KindOrganization: "organizations", integration.KindEvent: "events",
		integration.KindCourse: "courses", integration.KindTicket: "tickets",
	}[ref.Kind]
	if folder == "" || !integration.ValidUUID(ref.Key) {
		return ""
	}
	return "/" + folder + "/" + ref.Key
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
