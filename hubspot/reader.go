package hubspot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
)

// Caps on what is read of a reply, counted after decompression, so that
// neither an endless body nor a decompression bomb costs more than this.
const (
	maxReply = 16 << 20
	maxFault = 1 << 20 // of a reply with an error status
)

// newTransport returns a transport of the client's own. HubSpot speaks HTTP/2;
// the idle connections are for what does not.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
	}
}

// reader is the innermost layer: it reads the whole reply inside the round
// trip, so that a reply that breaks off is a failed attempt for the layers
// above, and notes how far the request got.
type reader struct{ next http.RoundTripper }

func newReader(next http.RoundTripper) *reader { return &reader{next: next} }

// RoundTrip returns a reply whose body is in memory, or a *failure.
func (r *reader) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	p := passageOf(ctx)
	p.sent.Store(false)
	p.traced.Store(false)
	// WroteRequest alone would be too late: the peer can have read everything
	// and hung up before that hook runs.
	trace := &httptrace.ClientTrace{
		GetConn:      func(string) { p.traced.Store(true) },
		WroteHeaders: func() { p.sent.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { p.sent.Store(true) },
	}
	resp, err := r.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		return nil, broken(ctx, p, err)
	}
	defer resp.Body.Close()
	limit := int64(maxReply)
	if resp.StatusCode >= 300 {
		limit = maxFault
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	tooLarge := int64(len(body)) > limit
	if resp.StatusCode >= 300 {
		// The status alone decides; half an explanation is better than none.
		body, err, tooLarge = body[:min(int64(len(body)), limit)], nil, false
	}
	if err != nil {
		return nil, broken(ctx, p, err)
	}
	if tooLarge {
		return nil, &failure{code: CodeTooLarge}
	}
	whole := *resp
	whole.Body = &replyBody{Reader: bytes.NewReader(body), bytes: body}
	return &whole, nil
}

// broken classifies an error of the transport. The error itself is dropped: it
// can quote what the peer sent.
func broken(ctx context.Context, p *passage, err error) *failure {
	unsent := !p.reached()
	if ctx.Err() != nil {
		return gaveUp(ctx, unsent)
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return &failure{code: CodeTimeout, unsent: unsent}
	}
	return &failure{code: CodeNetwork, unsent: unsent}
}

// replyBody is a body that can be looked at without being used up.
type replyBody struct {
	*bytes.Reader
	bytes []byte
}

// Close does nothing: the connection has been released already.
func (*replyBody) Close() error { return nil }

// replyBytes returns the body that the reader layer has read.
func replyBytes(resp *http.Response) []byte {
	if b, ok := resp.Body.(*replyBody); ok {
		return b.bytes
	}
	return nil
}
