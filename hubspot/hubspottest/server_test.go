package hubspottest_test

import (
	"net/http"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestServerEndsWithItsTest(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("inner", func(t *testing.T) {
		b := setup(t, hubspottest.Options{})
		url = b.srv.URL
		b.call("GET", contacts, nil).want(200)
	})
	if resp, err := http.Get(url); err == nil {
		_ = resp.Body.Close()
		t.Fatal("the server outlives its test")
	}
}
