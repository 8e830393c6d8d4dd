// Does with govmomi what govc does: finds, looks, changes, waits. It prints what it saw as one JSON object.
//
//	govmomi-client URL CA
package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/list"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/task"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/progress"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type seen map[string]interface{}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := connect(ctx)
	out := seen{"about": client.ServiceContent.About.ApiType, "unknownAuthority": strangerToItsAuthority(ctx)}
	out["wrongPassword"] = faultOf(client.SessionManager.Login(ctx, url.UserPassword("user", "wrong")))
	must(client.SessionManager.Login(ctx, url.UserPassword("user", "pass")))
	finder := find.NewFinder(client.Client, true)
	datacenter, err := finder.DefaultDatacenter(ctx)
	must(err)
	finder.SetDatacenter(datacenter)
	out["found"] = found(ctx, finder)
	out["retrieved"] = retrieved(ctx, client)
	out["operated"] = operated(ctx, client, finder)
	out["cloned"] = cloned(ctx, finder)
	must(client.Logout(ctx))
	_, err = finder.VirtualMachineList(ctx, "*")
	out["loggedOut"] = faultOf(err)
	must(json.NewEncoder(os.Stdout).Encode(out))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// faultOf gives the type of the fault of a call or of a task; the error's own words when it is neither.
func faultOf(err error) string {
	switch failed := err.(type) {
	case nil:
		return ""
	case task.Error:
		return fmt.Sprintf("%T", failed.Fault())
	}
	if soap.IsSoapFault(err) {
		return fmt.Sprintf("%T", soap.ToSoapFault(err).VimFault())
	}
	return err.Error()
}

func address() *url.URL {
	address, err := url.Parse(os.Args[1])
	must(err)
	return address
}

func connect(ctx context.Context) *govmomi.Client {
	transport := soap.NewClient(address(), false)
	must(transport.SetRootCAs(os.Args[2]))
	client, err := vim25.NewClient(ctx, transport)
	must(err)
	return &govmomi.Client{Client: client, SessionManager: session.NewManager(client)}
}

func strangerToItsAuthority(ctx context.Context) bool {
	_, err := vim25.NewClient(ctx, soap.NewClient(address(), false))
	return errors.As(err, &x509.UnknownAuthorityError{})
}

// found lists the inventory by paths.
func found(ctx context.Context, finder *find.Finder) seen {
	all, err := finder.ManagedObjectListChildren(ctx, "/...")
	must(err)
	out := seen{}
	out["all"] = paths(all)
	below, err := finder.ManagedObjectListChildren(ctx, "vm/...", "VirtualMachine")
	must(err)
	out["machines"] = paths(below)
	pools, err := finder.ResourcePoolList(ctx, "*/Resources")
	must(err)
	out["pools"] = len(pools)
	hosts, err := finder.HostSystemList(ctx, "*/*")
	must(err)
	out["hosts"] = len(hosts)
	networks, err := finder.NetworkList(ctx, "*")
	must(err)
	out["networks"] = len(networks)
	machine, err := finder.VirtualMachine(ctx, "vm-0001")
	must(err)
	element, err := finder.Element(ctx, machine.Reference())
	must(err)
	out["element"] = element.Path
	_, err = finder.VirtualMachine(ctx, "nobody")
	_, out["isNotFound"] = err.(*find.NotFoundError)
	return out
}

func paths(elements []list.Element) []string {
	var out []string
	for _, element := range elements {
		out = append(out, element.Path)
	}
	sort.Strings(out)
	return out
}

// retrieved reads every property of what a view holds into the types that were generated from the WSDL.
func retrieved(ctx context.Context, client *govmomi.Client) seen {
	container, err := view.NewManager(client.Client).CreateContainerView(
		ctx, client.ServiceContent.RootFolder, []string{"ManagedEntity"}, true)
	must(err)
	defer container.Destroy(ctx)
	out := seen{}
	kinds := map[string]interface{}{
		"HostSystem":                  &[]mo.HostSystem{},
		"ClusterComputeResource":      &[]mo.ClusterComputeResource{},
		"Datastore":                   &[]mo.Datastore{},
		"Network":                     &[]mo.Network{},
		"ResourcePool":                &[]mo.ResourcePool{},
		"DistributedVirtualPortgroup": &[]mo.DistributedVirtualPortgroup{},
		"DistributedVirtualSwitch":    &[]mo.DistributedVirtualSwitch{},
		"Folder":                      &[]mo.Folder{},
		"Datacenter":                  &[]mo.Datacenter{},
	}
	for kind, into := range kinds {
		must(container.Retrieve(ctx, []string{kind}, nil, into))
		out[kind] = lengthOf(into)
	}
	var machines []mo.VirtualMachine
	must(container.Retrieve(ctx, []string{"VirtualMachine"}, nil, &machines))
	out["VirtualMachine"] = described(machines)
	running, err := container.Find(ctx, []string{"VirtualMachine"}, property.Filter{"runtime.powerState": "poweredOn"})
	must(err)
	out["running"] = len(running)
	return out
}

func lengthOf(slice interface{}) int {
	text, err := json.Marshal(slice)
	must(err)
	var items []json.RawMessage
	must(json.Unmarshal(text, &items))
	return len(items)
}

func described(machines []mo.VirtualMachine) []seen {
	out := []seen{}
	for _, machine := range machines {
		devices := object.VirtualDeviceList(machine.Config.Hardware.Device)
		disks := []int64{}
		for _, disk := range devices.SelectByType((*types.VirtualDisk)(nil)) {
			disks = append(disks, disk.(*types.VirtualDisk).CapacityInBytes)
		}
		out = append(out, seen{
			"name": machine.Name, "uuid": machine.Config.Uuid, "template": machine.Config.Template,
			"power": machine.Runtime.PowerState, "cpus": machine.Summary.Config.NumCpu,
			"memoryMib": machine.Config.Hardware.MemoryMB, "disks": disks,
		})
	}
	sort.Slice(out, func(i, j int) bool { return out[i]["name"].(string) < out[j]["name"].(string) })
	return out
}

// operated switches a VM on and off as govc does, and once too often.
func operated(ctx context.Context, client *govmomi.Client, finder *find.Finder) seen {
	machine, err := finder.VirtualMachine(ctx, "vm-0001")
	must(err)
	out := seen{}
	on, err := machine.PowerOn(ctx)
	must(err)
	info, err := on.WaitForResult(ctx)
	must(err)
	out["on"] = info.State
	// The wait of `govc vm.power -wait`, which watches the VM instead of the task.
	must(machine.WaitForPowerState(ctx, types.VirtualMachinePowerStatePoweredOn))
	again, err := machine.PowerOn(ctx)
	must(err)
	_, err = again.WaitForResult(ctx)
	out["onAgain"] = faultOf(err)
	address, err := machine.WaitForIP(ctx)
	must(err)
	out["hasAddress"] = address != ""
	change, err := machine.Reconfigure(ctx, types.VirtualMachineConfigSpec{Annotation: "of go"})
	must(err)
	must(change.Wait(ctx))
	off, err := machine.PowerOff(ctx)
	must(err)
	must(off.Wait(ctx))
	var after mo.VirtualMachine
	must(machine.Properties(ctx, machine.Reference(), []string{"runtime.powerState", "config.annotation"}, &after))
	out["after"] = []string{string(after.Runtime.PowerState), after.Config.Annotation}
	return out
}

// reports keeps what a task says of itself while it is waited for.
type reports struct {
	percentages []float32
	done        sync.WaitGroup
}

func (r *reports) Sink() chan<- progress.Report {
	channel := make(chan progress.Report)
	r.done.Add(1)
	go func() {
		defer r.done.Done()
		for report := range channel {
			r.percentages = append(r.percentages, report.Percentage())
		}
	}()
	return channel
}

func cloned(ctx context.Context, finder *find.Finder) seen {
	template, err := finder.VirtualMachine(ctx, "tiny")
	must(err)
	pool, err := finder.DefaultResourcePool(ctx)
	must(err)
	folder, err := finder.DefaultFolder(ctx)
	must(err)
	reference := pool.Reference()
	spec := types.VirtualMachineCloneSpec{Location: types.VirtualMachineRelocateSpec{Pool: &reference}}
	cloning, err := template.Clone(ctx, folder, "made by go", spec)
	must(err)
	watching := &reports{}
	info, err := cloning.WaitForResult(ctx, watching)
	must(err)
	watching.done.Wait()
	clone, err := finder.VirtualMachine(ctx, "made by go")
	must(err)
	out := seen{"progress": watching.percentages, "isResult": info.Result == clone.Reference()}
	end, err := clone.Destroy(ctx)
	must(err)
	must(end.Wait(ctx))
	_, err = finder.VirtualMachine(ctx, "made by go")
	_, out["isGone"] = err.(*find.NotFoundError)
	return out
}
