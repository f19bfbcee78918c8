import { words } from "@/words/words";

export const door = words("door", {
  title: ["工作人员登录", "Staff sign-in"],
  name: ["登录名", "Name"],
  password: ["密码", "Password"],
  enter: ["登录", "Sign in"],
  wait: ["请稍候", "One moment"],
  resident: ["市民上报与查询", "For residents: report and follow"],
  denied: ["您的岗位没有此页权限", "Your post does not open this page"],
  deniedDo: ["需要时请向系统管理员申请相应岗位。", "If you need it, ask an administrator for a post that does."],
  loading: ["正在打开", "Opening"],
  mustChange: ["首次登录须先修改密码。", "Change your password before you go on."],
  old: ["现在的密码", "Your password now"],
  fresh: ["新密码", "New password"],
  change: ["修改密码", "Change it"],
  again: ["登录已过期", "You were signed out"],
  fault: ["页面出错了", "This page broke"],
  faultDo: ["填写的内容已保存在本机。", "What you typed is kept on this device."],
  reload: ["重新打开", "Open it again"],
});
