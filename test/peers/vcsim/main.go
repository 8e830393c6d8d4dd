// vcsim: a vCenter of govmomi's simulator, behind just the flags that the tests need.
//
// Debian has the simulator as a library and not its program. Built by peer.sh, with golang-github-vmware-govmomi-dev
// in GOPATH mode.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator" // registers the REST API, tags among it
)

func main() {
	model := simulator.VPX()
	flag.IntVar(&model.Cluster, "clusters", 1, "clusters of the one datacenter DC0")
	flag.IntVar(&model.ClusterHost, "hosts", 3, "hosts of each cluster")
	flag.IntVar(&model.Host, "standalone-hosts", 0, "hosts outside of any cluster")
	flag.IntVar(&model.Machine, "vms", 5, "VMs of each cluster, and of each standalone host")
	flag.IntVar(&model.DelayConfig.Delay, "delay-ms", 0, "how long each call takes, in milliseconds")
	flag.DurationVar(&simulator.SessionIdleTimeout, "session-timeout", 0, "idle time after which a session is lost; 0: never")
	listen := flag.String("listen", "127.0.0.1:0", "address; port 0 lets the system choose")
	username := flag.String("username", "user", "the only user that may log in")
	password := flag.String("password", "pass", "and the password")
	certFile := flag.String("cert-file", "", "PEM certificate; makes it HTTPS")
	keyFile := flag.String("key-file", "", "PEM key of the certificate")
	withParent := flag.Bool("end-with-stdin", false, "end when standard input does, so that a dead parent leaves nothing behind")
	flag.Parse()

	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	service := model.Service
	service.Listen = &url.URL{Host: *listen, User: url.UserPassword(*username, *password)}
	service.RegisterEndpoints = true
	service.ServeMux = http.NewServeMux()
	if *certFile != "" {
		certificate, err := tls.LoadX509KeyPair(*certFile, *keyFile)
		if err != nil {
			log.Fatal(err)
		}
		service.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	address := service.NewServer().URL
	fmt.Printf("listening on %s://%s%s\n", address.Scheme, address.Host, address.Path)
	untilToldToStop(*withParent)
	model.Remove() // the files of its datastores
}

func untilToldToStop(withParent bool) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	if withParent {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop <- syscall.SIGTERM
		}()
	}
	<-stop
}
