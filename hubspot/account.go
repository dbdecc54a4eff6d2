package hubspot

import (
	"context"
	"net/http"
	"time"
)

// AccountDetails says which portal the token belongs to.
type AccountDetails struct {
	PortalID            int64
	AccountType         string // STANDARD, DEVELOPER_TEST, SANDBOX, APP_DEVELOPER
	TimeZone            string // IANA name
	UTCOffset           time.Duration
	CompanyCurrency     string
	UIDomain            string
	DataHostingLocation string
}

// AccountDetails reads the portal's id and settings. Every token may, so it is
// the test of a token and the guard against the wrong portal. The client takes
// the time zone from it for the daily limit.
// See https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide
func (c *Client) AccountDetails(ctx context.Context) (AccountDetails, error) {
	var w struct {
		PortalID            int64  `json:"portalId"`
		AccountType         string `json:"accountType"`
		TimeZone            string `json:"timeZone"`
		UTCOffsetMillis     int64  `json:"utcOffsetMilliseconds"`
		CompanyCurrency     string `json:"companyCurrency"`
		UIDomain            string `json:"uiDomain"`
		DataHostingLocation string `json:"dataHostingLocation"`
	}
	cl := call{op: "account details", method: http.MethodGet, path: c.paths.accountDetails(), repeatable: true}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return AccountDetails{}, err
	}
	if w.PortalID <= 0 {
		return AccountDetails{}, unreadable(cl, reply{status: http.StatusOK})
	}
	d := AccountDetails{
		PortalID:            w.PortalID,
		AccountType:         w.AccountType,
		TimeZone:            w.TimeZone,
		UTCOffset:           time.Duration(w.UTCOffsetMillis) * time.Millisecond,
		CompanyCurrency:     w.CompanyCurrency,
		UIDomain:            w.UIDomain,
		DataHostingLocation: w.DataHostingLocation,
	}
	if d.TimeZone != "" && c.SetTimeZone(d.TimeZone) != nil {
		// This machine has no such zone: the offset of today is close enough.
		c.limiter.setZone(time.FixedZone("", int(d.UTCOffset/time.Second)))
	}
	return d, nil
}
