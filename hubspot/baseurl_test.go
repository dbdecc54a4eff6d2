package hubspot_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for base, ok := range map[string]bool{
		"":                              true,
		"https://api.hubapi.com":        true,
		"https://api.hubapi.com/":       true,
		"https://proxy.example/hubspot": true,
		"http://127.0.0.1:9090":         true,
		"http://127.8.8.8":              true,
		"http://[::1]:9090":             true,
		"http://localhost:9090":         true,
		"http://api.hubapi.com":         false,
		"http://10.0.0.1":               false,
		"http://localhost.example.org":  false,
		"http://127.0.0.1.example.org":  false,
		"ftp://localhost":               false,
		"api.hubapi.com":                false,
		"https://":                      false,
		"https:opaque":                  false,
		"https://me:hunter2@host":       false,
		"https://me@host":               false,
		"https://host/?q=hunter2":       false,
		"https://host/#hunter2":         false,
		"https://host:port/hunter2":     false,
		"://hunter2":                    false,
	} {
		_, err := hubspot.NewClient(hubspot.Config{BaseURL: base, Token: func() string { return "t" }})
		if (err == nil) != ok {
			t.Errorf("%q: error %v", base, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the url is quoted: %v", err)
		}
	}
}
