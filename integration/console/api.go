package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	apiPath   = "/api/integrations/"
	adminPath = "/api/admin/integrations/"
)

// reply is a success: its status (0 = 200), its JSON body and its entity tag.
type reply struct {
	status int
	body   any
	etag   string
}

// route is one line of the API: what it asks for and what it does.
type route struct {
	method string
	path   string
	may    integration.Permission
	has    func(integration.Plugin) bool
	do     func(*Console, *call) (reply, error)
}

// apiRoutes is the API in full. Everything about who may do what stands here.
func apiRoutes() []route {
	connector, reporter := can[integration.Connector], can[integration.Reporter]
	runner, logger := can[integration.Runner], can[integration.SyncLogger]
	mapper, matcher, tagger := can[integration.PropertyMapper], can[integration.Matcher], can[integration.Tagger]
	const one = apiPath + "{id}/"
	return []route{
		{"POST", one + "connect", integration.PermConfigure, connector, (*Console).apiConnect},
		{"DELETE", one + "connect", integration.PermConfigure, connector, (*Console).apiDisconnect},
		{"POST", one + "test", integration.PermOperate, connector, (*Console).apiTest},
		{"GET", one + "status", integration.PermView, reporter, (*Console).apiStatus},
		{"GET", one + "settings", integration.PermOperate, nil, (*Console).apiSettings},
		{"PUT", one + "settings", integration.PermConfigure, nil, (*Console).apiSave},
		{"POST", one + "sync", integration.PermConfigure, runner, (*Console).apiSync},
		{"GET", one + "sync", integration.PermView, runner, (*Console).apiLastSync},
		{"GET", one + "sync-log", integration.PermView, logger, (*Console).apiLog},
		{"GET", one + "sync-log/{record}", integration.PermView, logger, (*Console).apiRecord},
		{"POST", one + "sync-log/{record}/retry", integration.PermOperate, logger, (*Console).apiRetry},
		{"POST", one + "retry", integration.PermOperate, logger, (*Console).apiRetryAll},
		{"POST", one + "pause", integration.PermOperate, connector, (*Console).apiPause},
		{"POST", one + "resume", integration.PermOperate, connector, (*Console).apiResume},
		{"POST", one + "recheck", integration.PermOperate, connector, (*Console).apiRecheck},
		{"GET", one + "property-mapping", integration.PermOperate, mapper, (*Console).apiMapping},
		{"PUT", one + "property-mapping", integration.PermConfigure, mapper, (*Console).apiSetMapping},
		{"GET", one + "matching", integration.PermOperate, matcher, (*Console).apiMatching},
		{"POST", one + "matching", integration.PermConfigure, matcher, (*Console).apiDecide},
		{"GET", one + "tags", integration.PermView, tagger, (*Console).apiTags},
		{"POST", one + "tags/confirm", integration.PermConfigure, tagger, (*Console).apiConfirmTags},
		{"GET", one + "members/{member}/tags", integration.PermOperate, tagger, (*Console).apiMemberTags},
		{"PUT", one + "members/{member}/tags/{tag}", integration.PermConfigure, tagger, (*Console).apiSetTag},
		{"GET", adminPath + "{id}/{clientId}/status", integration.PermDiagnose, reporter, (*Console).apiDiagnose},
	}
}

func (c *Console) routeAPI() {
	byPath := map[string][]route{}
	for _, rt := range apiRoutes() {
		byPath[rt.path] = append(byPath[rt.path], rt)
	}
	for path, routes := range byPath {
		c.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { c.serveAPI(w, r, routes) })
	}
	nothing := func(w http.ResponseWriter, r *http.Request) { c.serveAPI(w, r, nil) }
	c.mux.HandleFunc(apiPath, nothing)
	c.mux.HandleFunc(adminPath, nothing)
}

// serveAPI runs the route of the request's method and writes what comes of it.
func (c *Console) serveAPI(w http.ResponseWriter, r *http.Request, routes []route) {
	k, cancel, err := c.begin(w, r)
	defer cancel()
	defer c.recovered(k, func(p *problem) { c.writeProblem(w, p) })
	var out reply
	if err == nil {
		out, err = c.runRoute(k, routes)
	}
	if err != nil {
		c.writeProblem(w, c.refuse(k, err))
		return
	}
	if out.etag != "" {
		w.Header().Set("ETag", out.etag)
	}
	if out.status == 0 {
		out.status = http.StatusOK
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(out.status)
	_ = json.NewEncoder(w).Encode(out.body) // the client is gone if this fails
}

func (c *Console) runRoute(k *call, routes []route) (reply, error) {
	if len(routes) == 0 {
		return reply{}, missing()
	}
	rt, ok := pick(routes, k.r.Method, func(rt route) string { return rt.method })
	if !ok {
		return reply{}, wrongMethod(methods(routes, func(rt route) string { return rt.method }))
	}
	if err := c.admit(k, rt.may, rt.has); err != nil {
		return reply{}, err
	}
	if rt.method != http.MethodGet {
		if err := c.checkOrigin(k.r); err != nil {
			return reply{}, err
		}
	}
	return rt.do(c, k)
}

// pick finds the route of a method; HEAD is answered as GET.
func pick[R any](routes []R, method string, of func(R) string) (R, bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	i := slices.IndexFunc(routes, func(r R) bool { return of(r) == method })
	if i < 0 {
		var none R
		return none, false
	}
	return routes[i], true
}

func methods[R any](routes []R, of func(R) string) []string {
	var out []string
	for _, r := range routes {
		out = append(out, of(r))
	}
	if slices.Contains(out, http.MethodGet) {
		out = append(out, http.MethodHead)
	}
	slices.Sort(out)
	return out
}

// recovered turns a panic into a clear answer and a log line.
func (c *Console) recovered(k *call, answer func(*problem)) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	c.cfg.Logger.ErrorContext(k.ctx(), "console: panic", "request", k.id, "pattern", k.r.Pattern, "stack", strings.TrimSpace(string(debug.Stack())))
	p := internal()
	p.CorrelationID = k.id
	answer(p)
}
